namespace Darkroom.Engine.Scheduling.Costs;

/// <summary>How large a network is: what a first guess of its cost is made from.</summary>
/// <param name="Parameters">Weights in it.</param>
internal readonly record struct NetworkSize(double Parameters)
{
    /// <summary>Of a graph file and its weights, taken to be float32; in float16 the guess is half of it, which the device's speed makes good.</summary>
    public static NetworkSize OfBytes(long bytes) => new(bytes / 4.0);

    /// <summary>Operations of one evaluation, roughly: a convolutional network applies part of its weights at every cell.</summary>
    public double WorkOf(in CostKey key) => Parameters * key.Kind.WorkPerWeight(Math.Max(1, (double)key.Shape.Height * key.Shape.Width));
}
