using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>Takes the noise out of a picture; <see cref="GenerationResult.Noise"/> says how much there was.</summary>
public sealed record DenoiseRequest : PictureTaskRequest
{
    /// <summary>With nothing but defaults.</summary>
    public DenoiseRequest()
        : base(GenerationTask.Denoise)
    {
    }

    /// <summary>Above 0, at most 1: standard deviation of the noise as a share of the full scale; null: it is estimated.</summary>
    public double? Noise { get; init; }

    /// <summary>Above 0, at most 1: the share of it that is taken out; null: all.</summary>
    public double? Strength { get; init; }

    /// <summary>1…150: steps of the reverse process; null: 1, which gives the mean of all pictures that it may have been.</summary>
    public int? Steps { get; init; }

    /// <summary>What the picture shows, where that is known; null: nothing is said.</summary>
    public string? Prompt { get; init; }

    /// <summary>8 or 16, and 32 for arrays: bits of a value; null: the model's.</summary>
    public int? BitDepth { get; init; }

    /// <summary>The picture: PNG, JPEG, WebP or npy of at most 32 MiB. Required.</summary>
    [JsonIgnore]
    public PictureSource? Image { get; init; }

    /// <summary>0…2^53−1: decides the noise that the level is measured with; null: drawn by the server and returned.</summary>
    public long? Seed { get; init; }

    internal override IEnumerable<(string Field, PictureSource Picture)> Pictures => Image is { } image ? [("image", image)] : [];
}
