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
    /// <summary>Of all weights, 1 in so many may be in blocks where a CPU computes with them in place.</summary>
    private const int FewBlocks = 50;

    /// <summary>Bytes of all weights.</summary>
    public long WeightBytes => Weights.Values.Sum(weight => weight.Bytes);

    /// <summary>
    /// Whether ONNX Runtime's kernels for a CPU can compute with weights where they are. MatMulNBits does not: weights in blocks that it has not laid out
    /// at the start it takes apart into float32 in every call, which a few layers may, and a whole network not.
    /// </summary>
    public bool ComputesInPlace => Weights.Values.Where(weight => weight.Form is { IsTurned: false }).Sum(weight => weight.Bytes) <= WeightBytes / FewBlocks;
}
