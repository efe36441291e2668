namespace Darkroom.Engine.Scheduling.Costs;

/// <summary>How large a network is: what a first guess of its cost is made from.</summary>
/// <param name="Parameters">Weights in it.</param>
internal readonly record struct CallSize(double Parameters)
{
    /// <summary>Of a graph file and its weights, taken to be float32; in float16 the guess is half of it, which the device's speed makes good.</summary>
    public static CallSize OfBytes(long bytes) => new(bytes / 4.0);

    /// <summary>
    /// Operations of one evaluation, roughly. A convolutional network applies part of its weights at every cell: the factors are those of Stable
    /// Diffusion 1.5 at 512 pixels (U-Net 0.80, decoder 2.5, encoder 1.1, text 0.013 TFLOP with 860, 50, 34 and 123 million weights).
    /// </summary>
    public double WorkOf(in CostKey key)
    {
        double cells = Math.Max(1, (double)key.Shape.Height * key.Shape.Width);
        return Parameters * key.Stage switch
        {
            NetworkStage.Denoise => 0.23 * cells,
            NetworkStage.Decode => 12.4 * cells,
            NetworkStage.EncodePicture => 0.125 * cells, // cells are pixels here
            NetworkStage.Upscale => 2 * cells,
            _ => 110,
        };
    }
}
