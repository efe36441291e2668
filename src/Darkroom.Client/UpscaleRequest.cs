using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>Enlarges a picture.</summary>
public sealed record UpscaleRequest : PictureTaskRequest
{
    /// <summary>With nothing but defaults.</summary>
    public UpscaleRequest()
        : base(GenerationTask.Upscale)
    {
    }

    /// <summary>The picture to enlarge: PNG, JPEG or WebP of at most 32 MiB. Required.</summary>
    [JsonIgnore]
    public PictureSource? Image { get; init; }

    /// <summary>1…8: pixels out for each pixel in, on each side; null: the upscaler's own.</summary>
    public double? Scale { get; init; }

    /// <summary>16…2048: pixels of a tile's side; null: the upscaler's own.</summary>
    public int? Tile { get; init; }

    /// <summary>0…256: pixels that a tile sees beyond its share; null: the upscaler's own.</summary>
    public int? Overlap { get; init; }

    internal override IEnumerable<(string Field, PictureSource Picture)> Pictures => Image is { } image ? [("image", image)] : [];
}
