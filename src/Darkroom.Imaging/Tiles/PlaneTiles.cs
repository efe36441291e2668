namespace Darkroom.Imaging.Tiles;

/// <summary>
/// Planes of floats cut into a plan's tiles, and the answers put together again as planes, neither clamped nor rounded: for latents, and for what an
/// autoencoder makes of them. It holds the whole answer.
/// </summary>
public sealed class PlaneTiles
{
    private readonly TileWeights weights;
    private readonly int channels, width, height;

    /// <param name="plan">The tiles; no window reaches beyond the planes.</param>
    /// <param name="scale">Pixels of the answer for each one of the plan's; 1 or more.</param>
    /// <param name="channels">Planes of an answer.</param>
    /// <param name="fade">Pixels of the plan on each side of a cut over which two tiles are mixed.</param>
    public PlaneTiles(TilePlan plan, int scale, int channels, int fade)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (Plan, this.channels) = (plan, channels);
        weights = new TileWeights(plan, scale, fade);
        (width, height) = (plan.Width * scale, plan.Height * scale);
        Values = new float[checked(channels * height * width)];
    }

    public TilePlan Plan { get; }

    /// <summary>Tiles whose answers are in it.</summary>
    public int Done { get; private set; }

    public bool IsDone => Done == Plan.Count;

    /// <summary>The answer, whole when all tiles are in it. // [C, H · scale, W · scale]</summary>
    public float[] Values { get; }

    /// <summary>Takes the answer for the next tile.</summary>
    /// <param name="answer">[C, window height · scale, window width · scale]</param>
    public void Add(ReadOnlySpan<float> answer)
    {
        weights.Add(Plan[Done], channels, answer, (channel, row) => Values.AsSpan((channel * height + row) * width, width));
        Done++;
    }

    /// <summary>Cuts a window out of planes.</summary>
    /// <param name="planes">[C, height, width]</param>
    /// <param name="width">Of the planes.</param>
    /// <param name="height">Of the planes.</param>
    /// <param name="window">Inside of them.</param>
    /// <param name="values">Takes [C, window height, window width].</param>
    public static void Read(ReadOnlySpan<float> planes, int width, int height, PixelRect window, Span<float> values)
    {
        int channels = planes.Length / (width * height);
        for (int channel = 0; channel < channels; channel++)
            for (int y = 0; y < window.Height; y++)
                planes.Slice((channel * height + window.Y + y) * width + window.X, window.Width)
                    .CopyTo(values.Slice((channel * window.Height + y) * window.Width, window.Width));
    }
}
