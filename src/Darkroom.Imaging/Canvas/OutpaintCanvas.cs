namespace Darkroom.Imaging.Canvas;

/// <summary>The working canvas of an outpainting: the picture at its place, and a fill around it.</summary>
public static class OutpaintCanvas
{
    /// <param name="picture">RGB, of the plan's size.</param>
    /// <param name="noise">For <see cref="CanvasFill.Noise"/>: unit normal values, <c>[3, WorkHeight, WorkWidth]</c>; else unused.</param>
    public static Picture Extend(Picture picture, OutpaintPlan plan, CanvasFill fill, ReadOnlySpan<float> noise = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(plan);
        if (picture.Channels != 3 || (picture.Width, picture.Height) != (plan.Picture.Width, plan.Picture.Height))
            throw new ArgumentException($"The plan is for RGB of {plan.Picture.Width} x {plan.Picture.Height} pixels.", nameof(picture));
        var canvas = Picture.Blank(plan.WorkWidth, plan.WorkHeight, 3);
        if (fill == CanvasFill.Edge) DrawOut(picture, canvas, plan.Picture);
        else AddNoise(picture, canvas, noise);
        canvas.Paste(picture, plan.Picture.X, plan.Picture.Y);
        return canvas;
    }

    private static void DrawOut(Picture picture, Picture canvas, PixelRect at)
    {
        for (int y = 0; y < canvas.Height; y++)
        {
            var source = picture.Row(Math.Clamp(y - at.Y, 0, picture.Height - 1));
            var row = canvas.Row(y);
            source.CopyTo(row[(3 * at.X)..]);
            for (int x = 0; x < at.X; x++) source[..3].CopyTo(row[(3 * x)..]);
            for (int x = at.Right; x < canvas.Width; x++) source[^3..].CopyTo(row[(3 * x)..]);
        }
    }

    private static void AddNoise(Picture picture, Picture canvas, ReadOnlySpan<float> noise)
    {
        int plane = canvas.Width * canvas.Height;
        if (noise.Length != 3 * plane) throw new ArgumentException($"{noise.Length} values do not fit 3 x {plane}.", nameof(noise));
        for (int channel = 0; channel < 3; channel++)
        {
            var (mean, spread) = Statistics(picture.Pixels, channel);
            var values = noise.Slice(channel * plane, plane);
            for (int i = 0; i < plane; i++) canvas.Pixels[3 * i + channel] = (byte)Math.Clamp(mean + spread * values[i] + 0.5, 0, 255);
        }
    }

    private static (double Mean, double Spread) Statistics(ReadOnlySpan<byte> pixels, int channel)
    {
        double sum = 0, squares = 0;
        int count = pixels.Length / 3;
        for (int i = channel; i < pixels.Length; i += 3)
        {
            sum += pixels[i];
            squares += pixels[i] * pixels[i];
        }
        double mean = sum / count;
        return (mean, Math.Sqrt(Math.Max(0, squares / count - mean * mean)));
    }
}
