using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>What every task takes that works on a picture with a diffusion model: img2img, inpaint and outpaint.</summary>
public abstract record EditRequest : GenerationRequest
{
    private protected EditRequest(GenerationTask task)
        : base(task)
    {
    }

    /// <summary>The picture to work on: PNG, JPEG, WebP or npy of at most 32 MiB. Required.</summary>
    [JsonIgnore]
    public PictureSource? Image { get; init; }

    /// <summary>0…1: the share of the schedule that is run. 0 leaves the picture, 1 starts from noise. Null: 0.75, for outpaint 1.</summary>
    public double? Strength { get; init; }

    internal override IEnumerable<(string Field, PictureSource Picture)> Pictures => Image is { } image ? [("image", image)] : [];
}
