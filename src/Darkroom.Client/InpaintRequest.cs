using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>Repaints a part of a picture. Pixels outside the blurred mask come back exactly as they were sent.</summary>
public sealed record InpaintRequest : ResizingRequest
{
    /// <summary>With nothing but defaults.</summary>
    public InpaintRequest()
        : base(GenerationTask.Inpaint)
    {
    }

    /// <summary>What is repainted, as <see cref="MaskMode"/> says: a picture of the other's size. Required.</summary>
    [JsonIgnore]
    public PictureSource? Mask { get; init; }

    /// <summary>What of the mask is repainted; null: what is white.</summary>
    public MaskMode? MaskMode { get; init; }

    /// <summary>0…64: radius in pixels of the blur of the mask's edge; null: 4.</summary>
    public double? MaskBlur { get; init; }

    /// <summary>0…256: pixels by which the mask grows before it is blurred; null: 0.</summary>
    public int? MaskGrow { get; init; }

    /// <summary>What stands under the mask at the start; null: the picture.</summary>
    public MaskFill? Fill { get; init; }

    /// <summary>What of the picture is worked on; null: all of it.</summary>
    public InpaintArea? Area { get; init; }

    /// <summary>0…2000: pixels around the masked region that are worked on with it; null: 32.</summary>
    public int? Padding { get; init; }

    internal override IEnumerable<(string Field, PictureSource Picture)> Pictures => Mask is { } mask ? [.. base.Pictures, ("mask", mask)] : base.Pictures;
}
