using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Graphs.Writing;

/// <summary>A graph that was written for weights in files. The files stay as they are: the graph says where in them each weight lies.</summary>
/// <param name="Part">The part of a model that it is: <c>unet</c>, <c>text_encoder</c> …</param>
/// <param name="Folder">Where its weights' files lie, at some depth.</param>
/// <param name="Model">The ONNX model, without weights.</param>
/// <param name="Weights">
/// Its weights, by the names of their tensors in the graph: a module's own name, and <c>[n]</c> behind it where it is a run of rows from n on.
/// </param>
/// <param name="OpenedBytes">What the weights take once they are in the type that is computed with: in memory, when the graph is open.</param>
internal sealed record WrittenGraph(
    string Part, string Folder, ReadOnlyMemory<byte> Model, IReadOnlyDictionary<string, StoredTensor> Weights, long OpenedBytes)
{
    /// <summary>Bytes of all weights, as they are stored.</summary>
    public long Bytes => Weights.Values.Sum(weight => weight.Bytes);
}
