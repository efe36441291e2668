using System.Numerics.Tensors;

namespace Darkroom.Diffusion.Tensors;

/// <summary>How latents are brought to another size: torch's <c>interpolate</c> with <c>align_corners=False</c>.</summary>
public enum LatentFilter
{
    Bilinear,
    Bicubic,

    /// <summary>The cell that the new one's corner lies in.</summary>
    Nearest,

    /// <summary>The cell that the new one's middle lies in.</summary>
    NearestExact,
}

/// <summary>
/// Latents of another size, equal to torch's <c>interpolate(size=…)</c> but for the last bits of sums: one pass along the lines, one along the columns.
/// </summary>
public static class LatentResize
{
    /// <summary>torch's cubic convolution; with antialiasing it takes Pillow's.</summary>
    private const double Cubic = -0.75, AntialiasedCubic = -0.5;

    /// <param name="latents">[C, h, w]</param>
    /// <param name="from">Of the latents.</param>
    /// <param name="height">Cells, at least 1.</param>
    /// <param name="width">Cells, at least 1.</param>
    /// <param name="filter">The rule.</param>
    /// <param name="antialias">
    /// For the smooth filters: whether cells beyond the edge count for nothing, and a smaller size takes all that falls into a cell.
    /// </param>
    /// <returns>[C, height, width]</returns>
    public static float[] Run(ReadOnlySpan<float> latents, LatentShape from, int height, int width, LatentFilter filter, bool antialias = false)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(latents.Length, from.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var across = Of(from.Width, width, filter, antialias);
        var down = Of(from.Height, height, filter, antialias);
        var lines = new float[from.Channels * from.Height * width]; // [C, h, width]
        for (int line = 0; line < from.Channels * from.Height; line++)
        {
            var source = latents.Slice(line * from.Width, from.Width);
            var target = lines.AsSpan(line * width, width);
            for (int x = 0; x < width; x++)
            {
                float sum = 0;
                foreach (var (cell, weight) in across[x]) sum += source[cell] * weight;
                target[x] = sum;
            }
        }
        var result = new float[from.Channels * height * width]; // [C, height, width]
        for (int channel = 0; channel < from.Channels; channel++)
            for (int y = 0; y < height; y++)
            {
                var target = result.AsSpan((channel * height + y) * width, width);
                foreach (var (cell, weight) in down[y])
                    TensorPrimitives.MultiplyAdd(lines.AsSpan((channel * from.Height + cell) * width, width), weight, target, target);
            }
        return result;
    }

    /// <summary>For each new cell the old ones that count, and how much.</summary>
    private static (int Cell, float Weight)[][] Of(int from, int to, LatentFilter filter, bool antialias)
    {
        float scale = (float)from / to; // torch's is single precision
        var cells = new (int, float)[to][];
        for (int i = 0; i < to; i++)
            cells[i] = filter switch
            {
                LatentFilter.Nearest => [(Math.Min((int)MathF.Floor(i * scale), from - 1), 1)],
                LatentFilter.NearestExact => [(Math.Min((int)MathF.Floor((i + 0.5f) * scale), from - 1), 1)],
                _ when antialias => Antialiased(i, scale, from, filter),
                LatentFilter.Bilinear => Linear(Math.Max(0, scale * (i + 0.5f) - 0.5f), from),
                LatentFilter.Bicubic => Convolved(scale * (i + 0.5f) - 0.5f, from),
                _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "No such filter."),
            };
        return cells;
    }

    private static (int, float)[] Linear(float at, int from)
    {
        int first = Math.Min((int)at, from - 1);
        float share = Math.Clamp(at - first, 0, 1);
        return [(first, 1 - share), (Math.Min(first + 1, from - 1), share)];
    }

    private static (int, float)[] Convolved(float at, int from)
    {
        int first = (int)MathF.Floor(at);
        float share = at - first;
        return [.. Enumerable.Range(-1, 4).Select(offset => (Math.Clamp(first + offset, 0, from - 1), (float)Keys(Math.Abs(share - offset), Cubic)))];
    }

    /// <summary>Cells beyond the edge are left out, and the weights of the others made up to 1.</summary>
    private static (int, float)[] Antialiased(int i, float scale, int from, LatentFilter filter)
    {
        double stretch = Math.Max(scale, 1), support = (filter == LatentFilter.Bicubic ? 2 : 1) * stretch, centre = scale * (i + 0.5);
        int first = Math.Max((int)(centre - support + 0.5), 0), end = Math.Min((int)(centre + support + 0.5), from);
        double[] weights = [.. Enumerable.Range(first, end - first).Select(cell => Math.Abs((cell - centre + 0.5) / stretch))
            .Select(distance => filter == LatentFilter.Bicubic ? Keys(distance, AntialiasedCubic) : Math.Max(0, 1 - distance))];
        double sum = weights.Sum();
        return [.. weights.Select((weight, at) => (first + at, (float)(weight / sum)))];
    }

    /// <summary>Cubic convolution (R. Keys, 1981).</summary>
    private static double Keys(double x, double a) =>
        x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}
