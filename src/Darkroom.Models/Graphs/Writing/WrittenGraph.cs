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
internal sealed record WrittenGraph(string Part, ReadOnlyMemory<byte> Model, IReadOnlyDictionary<string, PlacedWeight> Weights);
