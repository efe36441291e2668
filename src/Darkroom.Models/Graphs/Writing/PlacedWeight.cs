using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Graphs.Writing;

/// <summary>A weight, and what its graph calls the memory that it is to be in: the whole of a file that is no file.</summary>
/// <param name="Tensor">Where it is in its own file.</param>
/// <param name="Element">What its values are to be, <see cref="OnnxElement"/>'s number.</param>
/// <param name="Place">The graph's name of the memory.</param>
internal sealed record PlacedWeight(StoredTensor Tensor, int Element, string Place)
{
    /// <summary>Bytes that it takes there.</summary>
    public long Bytes => Tensor.Count * OnnxElement.SizeOf(Element, Tensor.Type);

    /// <summary>Whether others may compute with the same memory: it has the file's values, and no more.</summary>
    public bool CanShare => Tensor.Changes is [];
}
