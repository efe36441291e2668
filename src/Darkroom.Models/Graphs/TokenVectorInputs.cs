using System.Buffers.Binary;

namespace Darkroom.Models.Graphs;

/// <summary>
/// Lets a text encoder's graph take vectors in place of tokens' own. Two inputs are added: <c>darkroom.places</c> [B, S], which says for each token whose
/// vector it has, 0 for its own; and <c>darkroom.vectors</c> [n, C], of which the first is nobody's. What the graph looks up in its table of tokens is found by
/// its structure: a Gather by the token ids. Ids beyond the table stay what they are to the rest of the graph, which looks for the end of a text among them.
/// </summary>
internal static class TokenVectorInputs
{
    public const string Places = "darkroom.places", Vectors = "darkroom.vectors";

    private const string Ids = "input_ids", Prefix = "darkroom.tokens.";

    // ONNX's numbers of element types.
    private const long Float = 1, Int32 = 6, Int64 = 7, Bool = 9;

    /// <summary>The first versions in which Min takes whole numbers, and in which Unsqueeze takes its axes as an input.</summary>
    private const int MinOpset = 12, AxesAreInput = 13;

    /// <summary>Edits the model in place; after a refusal it is as it was.</summary>
    public static GraphEdit Apply(OnnxModel model)
    {
        if (model.Inputs.Find(port => port.Name == Ids) is not { } ids) return GraphEdit.Impossible($"the graph has no input {Ids}");
        if (model.Opset < MinOpset) return GraphEdit.Impossible($"the graph is of opset {model.Opset}, and {MinOpset} is needed");
        var flow = new Dataflow(model);
        var found = Find(flow, ids.ElementType);
        if (found is not [var lookup]) return GraphEdit.Impossible($"{found.Count} look-ups of tokens' vectors were found in the graph where 1 was expected");
        if (TableOf(flow, lookup.Node.Inputs[0]) is not var (rows, width, element))
            return GraphEdit.Impossible("the table of tokens' vectors is not plain numbers");

        var added = new List<OnnxNode>();
        string index = lookup.Node.Inputs[1], own = Prefix + "own", result = lookup.Node.Outputs[0];
        string known = Add("Min", index, Constant(model, "last", lookup.IdType, rows - 1));
        int before = model.Nodes.IndexOf(lookup.Node);
        model.Nodes.InsertRange(before, added);
        before += added.Count;
        added.Clear();
        lookup.Node.Inputs[1] = known;
        lookup.Node.Outputs[0] = own;

        string places = lookup.IsReshaped ? Add("Reshape", Places, Add("Shape", index)) : Places;
        string vectors = element == Float ? Vectors : Add("Cast", Vectors);
        if (element != Float) added[^1].Set("to", element);
        string picked = Add("Gather", vectors, places);
        string given = Add("Cast", places);
        added[^1].Set("to", Bool);
        string mask = model.Opset >= AxesAreInput ? Add("Unsqueeze", given, Axes(model)) : Add("Unsqueeze", given);
        if (model.Opset < AxesAreInput) added[^1].Set("axes", [-1]);
        added.Add(new OnnxNode("Where", Prefix + "where", [mask, picked, own], [result]));
        model.Nodes.InsertRange(before + 1, added);
        model.Inputs.Add(ids.Named(Places));
        model.Inputs.Add(OnnxPort.Of(Vectors, Float, "darkroom.count", width));
        return GraphEdit.Done;

        string Add(string opType, params string[] inputs)
        {
            string name = $"{Prefix}{opType}.{added.Count}".ToLowerInvariant();
            added.Add(new OnnxNode(opType, name, inputs, [name]));
            return name;
        }
    }

    /// <summary>Follows the ids through casts and reshapes to what is looked up by them.</summary>
    private static List<(OnnxNode Node, long IdType, bool IsReshaped)> Find(Dataflow flow, long type)
    {
        var found = new List<(OnnxNode, long, bool)>();
        var open = new Stack<(string Value, long Type, bool IsReshaped)>([(Ids, type, false)]);
        while (open.TryPop(out var next))
            foreach (var node in flow.TakersOf(next.Value))
            {
                if (node.Is("Identity")) open.Push(next with { Value = node.Outputs[0] });
                else if (node.Is("Cast") && node.Integer("to") is Int32 or Int64) open.Push((node.Outputs[0], node.Integer("to")!.Value, next.IsReshaped));
                else if (node.Is("Reshape") && node.Inputs[0] == next.Value) open.Push((node.Outputs[0], next.Type, true));
                else if (node.Is("Gather") && node.Inputs[1] == next.Value && node.Integer("axis") is null or 0)
                    found.Add((node, next.Type, next.IsReshaped));
            }
        return found;
    }

    /// <summary>A table of floating point, stored as it is or cast to what is computed with.</summary>
    private static (long Rows, long Width, long Element)? TableOf(Dataflow flow, string value)
    {
        long? cast = null;
        while (flow.MakerOf(value) is { } maker && (maker.Is("Cast") || maker.Is("Identity")))
        {
            if (maker.Is("Cast")) cast ??= maker.Integer("to");
            value = maker.Inputs[0];
        }
        const long Float16 = 10, Double = 11, BFloat16 = 16;
        return flow.ConstantOf(value) is { Shape: [var rows, var width] } table && (cast ?? table.ElementType) is Float or Float16 or Double or BFloat16
            ? (rows, width, cast ?? table.ElementType)
            : null;
    }

    private static string Constant(OnnxModel model, string name, long type, long value)
    {
        byte[] raw = new byte[type == Int32 ? 4 : 8];
        if (type == Int32) BinaryPrimitives.WriteInt32LittleEndian(raw, (int)value);
        else BinaryPrimitives.WriteInt64LittleEndian(raw, value);
        model.Tensors.Add(OnnxTensor.Of(Prefix + name, type, [], raw));
        return Prefix + name;
    }

    private static string Axes(OnnxModel model)
    {
        model.Tensors.Add(OnnxTensor.Of(Prefix + "axes", [-1]));
        return Prefix + "axes";
    }
}
