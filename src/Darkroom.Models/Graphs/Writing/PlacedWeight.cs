using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Graphs.Writing;

/// <summary>A weight that is to be in memory for a graph.</summary>
/// <param name="Tensor">Where it is in its file.</param>
/// <param name="Element">What its values are to be, <see cref="OnnxElement"/>'s number.</param>
/// <param name="Place">What the graph calls it there: of a written graph the file that stands for the memory, of an edited one the tensor.</param>
internal sealed record PlacedWeight(StoredTensor Tensor, int Element, string Place)
{
    /// <summary>What is behind the name of a weight's scales.</summary>
    public const string ScaleEnd = ".scale";

    /// <summary>How it is quantised; null: it is not.</summary>
    public QuantisedForm? Form { get; init; }

    /// <summary>Channels in a block, of a convolution's weight that lies in the order of <c>BlockedFilter</c>; 0: it lies as it is stored.</summary>
    public int Block { get; init; }

    /// <summary>Bytes that it takes there.</summary>
    public long Bytes => Form?.Bytes(Rows, Columns) ?? Tensor.Count * OnnxElement.SizeOf(Element, Tensor.Type);

    /// <summary>Its sides as they are stored, in the file and in memory.</summary>
    public IReadOnlyList<long> Sides => Tensor.Transposed ? [.. Tensor.Shape.Reverse()] : Tensor.Shape;

    /// <summary>Whether others may compute with the same memory: it has the file's values, and no more.</summary>
    public bool CanShare => Tensor.Changes is [] && Form is null;

    /// <summary>The tensors that it is to the graph: values, and scales behind them.</summary>
    public IReadOnlyList<WeightPiece> Pieces => Form is null ? [new(Place, Element, Sides, 0, Bytes)]
        : [
            new(Place, Form.Element, Form.Sides(Rows, Columns), 0, Rows * Form.RowBytes(Columns)),
            new(Place + ScaleEnd, OnnxElement.Float, Form.ScaleSides(Rows, Columns), Form.ScalesAt(Rows, Columns),
                sizeof(float) * Rows * Form.BlocksOf(Columns)),
        ];

    private long Rows => Tensor.Shape[0];

    private long Columns => Tensor.Count / Rows;
}

/// <summary>A tensor of a weight in memory.</summary>
/// <param name="Name">What the graph calls it.</param>
/// <param name="Element">What its values are, ONNX's number.</param>
/// <param name="Sides">Its sides.</param>
/// <param name="Offset">Behind the weight's first byte.</param>
/// <param name="Bytes">That it takes.</param>
internal readonly record struct WeightPiece(string Name, int Element, IReadOnlyList<long> Sides, long Offset, long Bytes);
