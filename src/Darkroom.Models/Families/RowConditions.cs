namespace Darkroom.Models.Families;

/// <summary>What a row's conditioning can depend on beside its texts. Null: the family's own value.</summary>
public sealed record RowConditions
{
    /// <summary>Pixels that are denoised.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels that are denoised.</summary>
    public required int Height { get; init; }

    /// <summary>How strongly the prompt is followed, for a denoiser that has it as an input.</summary>
    public double GuidanceScale { get; init; } = 1;

    /// <summary>What a class-conditional model is to draw.</summary>
    public int? ClassLabel { get; init; }

    /// <summary>Whether the lane reads the negative prompt.</summary>
    public bool IsNegative { get; init; }

    /// <summary>Whether the row works on a picture that was sent.</summary>
    public bool HasPicture { get; init; }

    /// <summary>The size that the picture is to look as if it had been made at, in pixels.</summary>
    public (int Width, int Height)? OriginalSize { get; init; }

    /// <summary>The size that it is to have been cut to, in pixels.</summary>
    public (int Width, int Height)? TargetSize { get; init; }

    /// <summary>The same for the negative prompt.</summary>
    public (int Width, int Height)? NegativeOriginalSize { get; init; }

    /// <summary>The same for the negative prompt.</summary>
    public (int Width, int Height)? NegativeTargetSize { get; init; }

    /// <summary>Pixels cut off on the left and above.</summary>
    public (int X, int Y)? Crop { get; init; }

    /// <summary>The same for the negative prompt.</summary>
    public (int X, int Y)? NegativeCrop { get; init; }
}
