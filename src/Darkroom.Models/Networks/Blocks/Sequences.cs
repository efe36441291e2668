using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Blocks;

/// <summary>
/// Between pictures, sequences and rows. Linear layers work on rows, all sequences of a batch one behind the other: so each is one matrix product, whose
/// weight is taken as it lies in the file.
/// </summary>
/// <param name="batch">Number of sequences: int64, [1].</param>
internal sealed class Sequences(GraphValue batch)
{
    private readonly Dictionary<int, GraphValue> shapes = [];

    /// <summary>Of everything that is called together with an input.</summary>
    public static Sequences Of(GraphValue input) => new(input.Shape(0, 1));

    /// <summary>[B, C, h, w] → [B · h · w, C].</summary>
    public static GraphValue FromPicture(GraphValue picture)
    {
        int channels = picture.Width;
        return Flatten(picture.Reshape(channels, 0, channels, -1).Transpose(channels, 0, 2, 1)); // [B, C, S] → [B, S, C]
    }

    /// <summary>[B · h · w, C] → [B, C, h, w].</summary>
    /// <param name="like">A picture of the size and channels that are wanted.</param>
    public GraphValue ToPicture(GraphValue rows, GraphValue like) =>
        Unflatten(rows).Transpose(rows.Width, 0, 2, 1).Reshape(like.Width, like.Shape()); // [B, S, C] → [B, C, S] → [B, C, h, w]

    /// <summary>[B, S, C] → [B · S, C].</summary>
    public static GraphValue Flatten(GraphValue sequences) => sequences.Reshape(sequences.Width, -1, sequences.Width);

    /// <summary>[B · S, C] → [B, S, C].</summary>
    public GraphValue Unflatten(GraphValue rows)
    {
        int width = rows.Width;
        if (!shapes.TryGetValue(width, out var shape))
            shapes[width] = shape = rows.Graph.Concat(0, 0, batch, rows.Graph.Integers([-1, width]));
        return rows.Reshape(width, shape);
    }

    /// <summary>A linear layer over sequences, [B, S, C] → [B, S, outputs].</summary>
    public GraphValue Linear(Module module, GraphValue values, int outputs, bool bias = true) => Unflatten(module.Linear(Flatten(values), outputs, bias));
}
