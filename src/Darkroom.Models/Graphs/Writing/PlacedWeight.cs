using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Graphs.Writing;

/// <summary>A weight that is to be in memory for a graph.</summary>
/// <param name="Tensor">Where it is in its file.</param>
/// <param name="Element">What its values are to be, <see cref="OnnxElement"/>'s number.</param>
/// <param name="Place">What the graph calls it there: of a written graph the file that stands for the memory, of an edited one the tensor.</param>
internal sealed record PlacedWeight(StoredTensor Tensor, int Element, string Place)
{
    /// <summary>Bytes that it takes there.</summary>
    public long Bytes => Tensor.Count * OnnxElement.SizeOf(Element, Tensor.Type);

    /// <summary>Its sides as they are stored, in the file and in memory.</summary>
    public IReadOnlyList<long> Sides => Tensor.Transposed ? [.. Tensor.Shape.Reverse()] : Tensor.Shape;

    /// <summary>Whether others may compute with the same memory: it has the file's values, and no more.</summary>
    public bool CanShare => Tensor.Changes is [];
}
