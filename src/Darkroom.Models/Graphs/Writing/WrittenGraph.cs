using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Graphs.Writing;

/// <summary>
/// A graph that was written for weights in files. The files stay as they are: what opens the graph reads each weight into memory, in the type that the graph
/// has it in, and hands that memory to ONNX Runtime.
/// </summary>
/// <param name="Part">The part of a model that it is: <c>unet</c>, <c>text_encoder</c> …</param>
/// <param name="Model">The ONNX model, without weights.</param>
/// <param name="Weights">
/// Its weights, by the names of their tensors in the graph: a module's own name, and <c>[n]</c> behind it where it is a run of rows from n on.
/// </param>
internal sealed record WrittenGraph(string Part, ReadOnlyMemory<byte> Model, IReadOnlyDictionary<string, PlacedWeight> Weights)
{
    /// <summary>What the graph calls the memory in which its weights are.</summary>
    public const string Place = "weights";

    /// <summary>Bytes of that memory.</summary>
    public long Bytes => Weights.Values.Select(weight => weight.Offset + weight.Bytes).DefaultIfEmpty().Max();
}

/// <summary>A weight, and where it is to be in memory.</summary>
/// <param name="Tensor">Where it is in its file.</param>
/// <param name="Element">What its values are to be, <see cref="OnnxElement"/>'s number.</param>
/// <param name="Offset">Bytes from the start of the memory.</param>
internal sealed record PlacedWeight(StoredTensor Tensor, int Element, long Offset)
{
    /// <summary>Bytes that it takes there.</summary>
    public long Bytes => Tensor.Count * OnnxElement.SizeOf(Element, Tensor.Type);
}
