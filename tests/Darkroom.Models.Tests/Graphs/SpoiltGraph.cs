using Darkroom.Models.Graphs;

namespace Darkroom.Models.Tests.Graphs;

/// <summary>A graph's file with one more node between its output and the outside, as broken exports and overflows have it.</summary>
internal static class SpoiltGraph
{
    // Field numbers of ModelProto and GraphProto, and an element type.
    private const int Graph = 7, Node = 1, Initializer = 5, Float = 1;
    private const string Inner = "before_spoilt", Value = "spoilt_value";

    /// <summary>Adds a number to every value: NaN, an infinity.</summary>
    public static void Add(string path, string output, float value) => Append(path, output, "Add", [Scalar(value)], [Value]);

    /// <summary>Keeps every second value along height and width.</summary>
    public static void Halve(string path, string output) => Append(
        path, output, "AveragePool", [], [], node => node.Set("kernel_shape", [2, 2]).Set("strides", [2, 2]));

    /// <summary>Leaves out the last of an axis; or all but the first.</summary>
    public static void Cut(string path, string output, int axis, int end = -1) =>
        Append(path, output, "Slice", [Whole("start", 0), Whole("end", end), Whole("axis", axis)], ["start", "end", "axis"]);

    /// <summary>Makes one axis of the last two.</summary>
    public static void Flatten(string path, string output) => Append(path, output, "Reshape", [Whole("sides", 0, 0, -1)], ["sides"]);

    private static void Append(string path, string output, string opType, WireMessage[] tensors, string[] more, Action<OnnxNode>? change = null)
    {
        var model = WireMessage.Parse(File.ReadAllBytes(path));
        var graph = WireMessage.Parse(model.Fields.Single(field => field.Number == Graph).Bytes.ToArray());
        for (int i = 0; i < graph.Fields.Count; i++)
        {
            if (graph.Fields[i].Number != Node) continue;
            var node = new OnnxNode(graph.Fields[i].Bytes.ToArray());
            foreach (var names in new[] { node.Inputs, node.Outputs })
                for (int at = 0; at < names.Count; at++)
                    if (names[at] == output) names[at] = Inner;
            graph.Fields[i] = graph.Fields[i] with { Bytes = node.ToArray() };
        }
        var last = new OnnxNode(opType, "spoilt", [Inner, .. more], [output]);
        change?.Invoke(last);
        graph.Add(Node, last.ToArray());
        foreach (var tensor in tensors) graph.Add(Initializer, tensor);
        model.Remove(Graph).Add(Graph, graph);
        File.WriteAllBytes(path, model.ToArray());
    }

    private static WireMessage Scalar(float value) => new WireMessage().Add(2, Float).Add(8, Value).Add(9, BitConverter.GetBytes(value));

    private static WireMessage Whole(string name, params long[] values) => WireMessage.Parse(OnnxTensor.Of(name, values).ToArray());
}
