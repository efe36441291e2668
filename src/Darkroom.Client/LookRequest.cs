using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>Finds something out about a picture, and makes none.</summary>
public abstract record LookRequest : DarkroomRequest
{
    private protected LookRequest(GenerationTask task)
        : base(task)
    {
    }

    /// <summary>The picture to look at: PNG, JPEG, WebP or npy of at most 32 MiB. Required.</summary>
    [JsonIgnore]
    public PictureSource? Image { get; init; }

    /// <summary>0…2^53−1: decides the noise; null: drawn by the server and returned.</summary>
    public long? Seed { get; init; }

    internal override IEnumerable<(string Field, PictureSource Picture)> Pictures => Image is { } image ? [("image", image)] : [];
}
