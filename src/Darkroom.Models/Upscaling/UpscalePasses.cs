namespace Darkroom.Models.Upscaling;

/// <summary>One run of the network over a picture, and the resampling behind it.</summary>
/// <param name="Input">Size of the picture that goes in.</param>
/// <param name="Worked">What the network makes of it: Input · scale.</param>
/// <param name="Output">What that is resampled to; the same where nothing is to be done.</param>
public readonly record struct UpscalePass((int Width, int Height) Input, (int Width, int Height) Worked, (int Width, int Height) Output);

/// <summary>How often a network of one scale runs for a factor of any size.</summary>
public static class UpscalePasses
{
    public const double MinFactor = 1, MaxFactor = 8;

    /// <summary>The limit on output pixels that a server starts with: 8192 x 8192.</summary>
    public const long DefaultMaxPixels = 1L << 26;

    /// <summary>
    /// A pass behind the first starts from so much that its answer has at most this many times the target's sides; more is work that resampling throws
    /// away.
    /// </summary>
    private const double MaxExcess = 2;

    /// <summary>Size of the result: sides times the factor, rounded, halves up.</summary>
    public static (int Width, int Height) TargetOf(int width, int height, double factor) => (Times(width, factor), Times(height, factor));

    /// <summary>The factor of a run that names none: the network's own scale, as far as there is room for it.</summary>
    public static double OwnFactor(int scale, int width, int height)
    {
        double factor = Math.Min(scale, MaxFactor);
        // Rounding of the sides may go a line beyond the limit; a hair less does not.
        while (factor > MinFactor && (long)Times(width, factor) * Times(height, factor) > DefaultMaxPixels)
            factor = Math.Max(MinFactor, Math.Min(factor * 0.999, Math.Sqrt(DefaultMaxPixels / ((double)width * height))));
        return factor;
    }

    /// <summary>As many passes as the factor needs, then down to it; where the network does not enlarge, one pass and then up.</summary>
    /// <param name="factor">1 to 8.</param>
    public static IReadOnlyList<UpscalePass> Of(int width, int height, int scale, double factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        if (!(factor is >= MinFactor and <= MaxFactor))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, $"A factor is {MinFactor} to {MaxFactor}.");
        int count = 1;
        double reached = scale;
        for (; scale > 1 && reached < factor; count++) reached *= scale;

        var passes = new List<UpscalePass>(count);
        var input = (Width: width, Height: height);
        var target = TargetOf(width, height, factor);
        for (int i = 1; i <= count; i++)
        {
            var worked = (Width: checked(input.Width * scale), Height: checked(input.Height * scale));
            var output = i == count ? target
                : i == count - 1 ? (Start(worked.Width, target.Width, scale), Start(worked.Height, target.Height, scale))
                : worked;
            passes.Add(new UpscalePass(input, worked, output));
            input = output;
        }
        return passes;
    }

    private static int Start(int worked, int target, int scale) => Math.Min(worked, Times(target, MaxExcess / scale));

    private static int Times(int side, double factor) => Math.Max(1, checked((int)Math.Floor(side * factor + 0.5)));
}
