using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Transformers;

/// <summary>Rotary positions: each pair of a head's features is turned by an angle that grows with the place, at a frequency of its own.</summary>
/// <remarks>Su and others, RoFormer, 3.2.2; for several axes as FLUX has them, each with a share of the features.</remarks>
internal sealed class Rotation
{
    private const double Theta = 10000;

    private readonly GraphValue cosine, sine; // [1, S, 1, D / 2]

    /// <param name="places">float32, [S, axes].</param>
    /// <param name="widths">How many of a head's features tell each axis; even.</param>
    public Rotation(GraphValue places, IReadOnlyList<int> widths)
    {
        var graph = places.Graph;
        var angles = new List<GraphValue>();
        for (int axis = 0; axis < widths.Count; axis++)
        {
            int width = widths[axis];
            float[] frequencies = [.. Enumerable.Range(0, width / 2).Select(i => (float)Math.Pow(Theta, -2.0 * i / width))];
            angles.Add(places.Slice(1, axis, axis + 1) * graph.Numbers([1, width / 2], frequencies, single: true)); // [S, width / 2]
        }
        var all = graph.Concat(1, 0, angles).Unsqueeze(0, 2);
        (cosine, sine) = (graph.Computable(all.Apply("Cos")), graph.Computable(all.Apply("Sin")));
    }

    /// <param name="heads">[B, S, heads, D]; features 2i and 2i + 1 are a pair.</param>
    public GraphValue Turn(GraphValue heads)
    {
        var graph = heads.Graph;
        int half = heads.Width / 2;
        var pairs = heads.Reshape(2, 0, 0, 0, half, 2).Split(2); // [B, S, heads, D / 2, 1] each
        var (real, imaginary) = (Flat(pairs[0]), Flat(pairs[1]));
        var turned = graph.Concat(4, 2, Lift(real * cosine - imaginary * sine), Lift(real * sine + imaginary * cosine));
        return turned.Reshape(heads.Width, 0, 0, 0, 2 * half);

        GraphValue Flat(GraphValue part) => part.Reshape(half, 0, 0, 0, half);

        GraphValue Lift(GraphValue part) => part.Unsqueeze(4);
    }
}
