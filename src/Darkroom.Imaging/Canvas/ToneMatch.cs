using System.Runtime.Intrinsics;
using Darkroom.Imaging.Masks;

namespace Darkroom.Imaging.Canvas;

/// <summary>
/// Brings the tone of what a pass painted to what stands beside it: the difference is taken along the
/// border, spread into the painted area (close by the border's own, further away
/// a mean of more of it) and added, less and less with the distance. So a plain ground goes on where the network's own was a few levels lighter.
/// </summary>
public static class ToneMatch
{
    /// <summary>The most that is added or taken away, in levels of 255.</summary>
    public const int MaxLevels = 16;

    /// <summary>Pixels that differ by as much in any channel show two different things; their difference is not one of tone.</summary>
    private const int OtherThing = 32;

    /// <summary>How many of the picture's outermost pixels are compared: few, so that a thing that ends just inside is not taken for ground.</summary>
    private const int Outermost = 2;

    /// <summary>How many pixels beside the picture are compared with them, and the standard deviation over which they are taken together.</summary>
    private const int Near = 3;

    /// <summary>Below this a weight is what rounding left of a running sum.</summary>
    private const float MinWeight = 1e-4f;

    /// <param name="laid">
    /// What <see cref="OutpaintMask.Overlay"/> gives for the pass: 0 where what stands is kept, 255 where only what was painted is seen.
    /// </param>
    /// <param name="standing">RGB, the window's size.</param>
    /// <param name="painted">RGB, the window's size; not changed.</param>
    /// <returns>
    /// RGB: the painted picture, each channel at most <see cref="MaxLevels"/> levels away from what it was; nothing is changed half a window from what stands.
    /// </returns>
    public static Picture Run(OutpaintPass pass, OutpaintPlan plan, Picture laid, Picture standing, Picture painted)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(plan);
        MaskArithmetic.Grey(laid);
        ArgumentNullException.ThrowIfNull(standing);
        ArgumentNullException.ThrowIfNull(painted);
        if (standing.Channels != 3 || painted.Channels != 3 || laid.Bounds != standing.Bounds || laid.Bounds != painted.Bounds)
            throw new ArgumentException("Both pictures are RGB and of the mask's size.", nameof(painted));
        int reach = Math.Max(1, Math.Min(laid.Width, laid.Height) / 2);
        var ground = Ground(pass, plan, laid);
        float[] distances = Distances(ground, laid.Width);
        var rim = Spread(InRim(ground, Standing.Sent, laid, standing, painted), [Near]);
        var known = InRim(ground, Standing.Painted, laid, standing, painted);
        AddBorder(known, plan.Picture with { X = plan.Picture.X - pass.Window.X, Y = plan.Picture.Y - pass.Window.Y }, ground, distances, standing, painted);
        var beyond = Spread(known, [Math.Max(1, reach / 3), Math.Max(1, reach / 8), Near]);
        var matched = painted with { Pixels = [.. painted.Pixels] };
        for (int pixel = 0; pixel < distances.Length; pixel++)
        {
            var sum = ground[pixel] == Standing.Sent ? rim[pixel] : beyond[pixel];
            float fade = 1 - distances[pixel] / reach;
            if (fade <= 0 || sum[3] <= MinWeight) continue;
            var added = Vector128.Clamp(sum / sum[3], Vector128.Create(-(float)MaxLevels), Vector128.Create((float)MaxLevels)) * fade;
            for (int channel = 0; channel < 3; channel++)
            {
                ref byte value = ref matched.Pixels[3 * pixel + channel];
                value = (byte)Math.Clamp(MathF.Round(value + added[channel]), 0, 255);
            }
        }
        return matched;
    }

    private enum Standing : byte
    {
        /// <summary>Nothing yet, or what is beyond the answer's edge.</summary>
        None,

        /// <summary>What an earlier pass painted.</summary>
        Painted,

        /// <summary>The picture that was sent.</summary>
        Sent,
    }

    private static Standing[] Ground(OutpaintPass pass, OutpaintPlan plan, Picture laid)
    {
        var ground = new Standing[laid.Pixels.Length];
        var answer = new PixelRect(0, 0, plan.Width, plan.Height);
        for (int pixel = 0; pixel < ground.Length; pixel++)
        {
            var at = new PixelRect(pass.Window.X + pixel % laid.Width, pass.Window.Y + pixel / laid.Width, 1, 1);
            ground[pixel] = plan.Picture.Contains(at) ? Standing.Sent
                : laid.Pixels[pixel] < byte.MaxValue && answer.Contains(at) ? Standing.Painted : Standing.None;
        }
        return ground;
    }

    // In the rim both pictures are there.
    private static FloatPlanes InRim(Standing[] ground, Standing kind, Picture laid, Picture standing, Picture painted)
    {
        var known = new FloatPlanes(laid.Width, laid.Height);
        for (int pixel = 0; pixel < ground.Length; pixel++)
            if (ground[pixel] == kind && laid.Pixels[pixel] > 0) known.Values[pixel] = Weighed(Colour(standing, pixel) - Colour(painted, pixel));
        return known;
    }

    // At the picture's edge only one is, and a network that paints in patches steps just there: the ground is taken to go on as it ends.
    private static void AddBorder(FloatPlanes known, PixelRect sent, Standing[] ground, float[] distances, Picture standing, Picture painted)
    {
        var inside = new FloatPlanes(standing.Width, standing.Height);
        var outside = new FloatPlanes(standing.Width, standing.Height);
        var inner = PixelRect.Between(sent.X + Outermost, sent.Y + Outermost, sent.Right - Outermost, sent.Bottom - Outermost);
        for (int pixel = 0; pixel < ground.Length; pixel++)
            if (ground[pixel] == Standing.Sent && !inner.Contains(new PixelRect(pixel % standing.Width, pixel / standing.Width, 1, 1)))
                inside.Values[pixel] = Colour(standing, pixel);
            else if (ground[pixel] == Standing.None && distances[pixel] <= Near) outside.Values[pixel] = Colour(painted, pixel);
        var ends = inside.Blurred(Near).Values;
        var begins = outside.Blurred(Near).Values;
        for (int pixel = 0; pixel < ground.Length; pixel++)
            if (ground[pixel] == Standing.None && distances[pixel] <= Near && ends[pixel][3] > MinWeight && begins[pixel][3] > MinWeight)
                known.Values[pixel] = Weighed(ends[pixel] / ends[pixel][3] - begins[pixel] / begins[pixel][3]);
    }

    private static Vector128<float> Colour(Picture picture, int pixel) =>
        Vector128.Create(picture.Pixels[3 * pixel], picture.Pixels[3 * pixel + 1], picture.Pixels[3 * pixel + 2], 1f);

    // Tukey's weight: what is near to no difference of tone counts little, and beyond that nothing.
    private static Vector128<float> Weighed(Vector128<float> difference)
    {
        var size = Vector128.Abs(difference);
        float part = Math.Max(size[0], Math.Max(size[1], size[2])) / OtherThing, share = 1 - part * part;
        return part >= 1 ? default : difference.WithElement(3, 1f) * (share * share);
    }

    private static Vector128<float>[] Spread(FloatPlanes known, ReadOnlySpan<int> sigmas)
    {
        var spread = new Vector128<float>[known.Values.Length];
        foreach (int sigma in sigmas)
        {
            var layer = known.Blurred(sigma).Values;
            for (int i = 0; i < spread.Length; i++)
            {
                // A line of pixels fills a small part of a blur; where it fills a quarter, the narrower blur has the word.
                var near = layer[i] * Math.Min(4, 1 / Math.Max(layer[i][3], MinWeight));
                spread[i] = near + spread[i] * (1 - near[3]);
            }
        }
        return spread;
    }

    // Pixels to the nearest one that stands: two sweeps, a step aslant counting the root of two, so within 8 % of the straight line.
    private static float[] Distances(Standing[] ground, int width)
    {
        float[] distances = [.. ground.Select(kind => kind == Standing.None ? (float)ground.Length : 0)];
        for (int at = 0; at < distances.Length; at++) Step(distances, at, at % width, width, -1);
        for (int at = distances.Length - 1; at >= 0; at--) Step(distances, at, at % width, width, 1);
        return distances;
    }

    private static void Step(float[] distances, int at, int x, int width, int toward)
    {
        const float Aslant = 1.41421356f;
        bool beside = toward < 0 ? x > 0 : x < width - 1, other = toward < 0 ? x < width - 1 : x > 0;
        int line = at + toward * width;
        ref float nearest = ref distances[at];
        if (beside) nearest = Math.Min(nearest, distances[at + toward] + 1);
        if (line < 0 || line >= distances.Length) return;
        nearest = Math.Min(nearest, distances[line] + 1);
        if (beside) nearest = Math.Min(nearest, distances[line + toward] + Aslant);
        if (other) nearest = Math.Min(nearest, distances[line - toward] + Aslant);
    }
}
