using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Darkroom.Models.Sessions;

/// <summary>An input or output of a graph, as the session reports it.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Element">What its values are.</param>
/// <param name="Shape">Its axes; −1 where the size is free.</param>
/// <param name="Axes">Names of the free axes; empty where the size is fixed or unnamed.</param>
public sealed record GraphPort(string Name, TensorElementType Element, IReadOnlyList<int> Shape, IReadOnlyList<string> Axes)
{
    public int Rank => Shape.Count;

    internal static string NamesOf(IEnumerable<GraphPort> ports) => string.Join(", ", ports.Select(port => port.Name));

    internal static GraphPort Of(string name, NodeMetadata metadata) =>
        new(name, metadata.ElementDataType, metadata.Dimensions, metadata.SymbolicDimensions);
}
