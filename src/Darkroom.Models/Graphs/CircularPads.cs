using System.Globalization;

namespace Darkroom.Models.Graphs;

/// <summary>
/// Has every convolution of an exported graph pad with what lies at the other edge instead of zeros, so that the picture wraps round. Since version 19 of
/// ONNX's operators there is a mode of Pad for it; before, the edges are cut out and put on the other side.
/// </summary>
internal sealed class CircularPads
{
    private const int WrapMode = 19, AxisY = 2, AxisX = 3;

    /// <summary>Convolutions of other forms, whose padding is not an attribute, or not zeros.</summary>
    private static readonly HashSet<string> Others =
        ["ConvTranspose", "ConvInteger", "QLinearConv", "FusedConv", "NhwcConv", "NhwcFusedConv", "QLinearConvTranspose"];

    private readonly OnnxModel model;
    private readonly Dataflow flow;
    private readonly WrapAxes axes;
    private readonly Dictionary<string, string> made = new(StringComparer.Ordinal); // what was added, by the value and its pads
    private readonly List<OnnxNode> nodes = [];
    private readonly Dictionary<long, string> constants = [];

    private CircularPads(OnnxModel model, WrapAxes axes) => (this.model, this.axes, flow) = (model, axes, new Dataflow(model));

    /// <summary>Edits the model in place.</summary>
    public static GraphEdit Apply(OnnxModel model, WrapAxes axes)
    {
        if (axes == WrapAxes.None) return GraphEdit.NotNeeded;
        if (model.Nodes.Find(node => Others.Contains(node.OpType) && !IsApart(node)) is { } other)
            return GraphEdit.Impossible($"node '{other.Name}' is a {other.OpType}, whose edges cannot be made to meet");
        var edit = new CircularPads(model, axes);
        foreach (var node in model.Nodes)
        {
            string? reason = node.Is("Conv") ? edit.Convolution(node) : node.Is("Pad") ? edit.Pad(node) : null;
            if (reason is not null) return GraphEdit.Impossible(reason);
            edit.nodes.Add(node);
        }
        if (edit.made.Count == 0) return GraphEdit.NotNeeded; // its convolutions look at nothing beyond their own cells
        model.Nodes.Clear();
        model.Nodes.AddRange(edit.nodes);
        return GraphEdit.Done;
    }

    /// <summary>Whether each cell becomes a patch of its own, which no other has a part in: then there are no edges.</summary>
    private static bool IsApart(OnnxNode node) => node.Is("ConvTranspose") && (node.TextOf("auto_pad") is "" or "NOTSET")
        && node.Integers("kernel_shape") is { } kernel && kernel.SequenceEqual(node.Integers("strides") ?? [])
        && (node.Integers("pads") ?? []).All(pad => pad == 0) && (node.Integers("output_padding") ?? []).All(pad => pad == 0)
        && (node.Integers("dilations") ?? []).All(apart => apart == 1);

    /// <summary>Top, left, bottom, right of a convolution over pictures; those of the axes that wrap are taken out of it.</summary>
    private string? Convolution(OnnxNode node)
    {
        if (node.TextOf("auto_pad") is not ("" or "NOTSET"))
            return $"node '{node.Name}' pads by a rule (auto_pad)";
        if (node.Integers("pads") is not { Count: 4 } pads || !pads.Any(pad => pad > 0)) return null;
        long[] own = [axes.WrapsY() ? 0 : pads[0], axes.WrapsX() ? 0 : pads[1], axes.WrapsY() ? 0 : pads[2], axes.WrapsX() ? 0 : pads[3]];
        node.Inputs[0] = Wrap(node.Inputs[0], pads[0] - own[0], pads[1] - own[1], pads[2] - own[2], pads[3] - own[3]);
        node.Set("pads", own);
        return null;
    }

    /// <summary>Zeros that an exporter put before a convolution in a node of their own.</summary>
    private string? Pad(OnnxNode node)
    {
        if (!flow.TakersOf(node.Outputs[0]).Any(taker => taker.Is("Conv"))) return null;
        if (node.TextOf("mode") is not ("" or "constant")) return null;
        var pads = node.Integers("pads") ?? (node.Inputs.Count > 1 ? flow.IntegersOf(node.Inputs[1]) ?? PadsOfTorch(node.Inputs[1]) : null);
        if (pads is null) return $"node '{node.Name}' pads by a number that is computed";
        if (pads.Count != 8 || pads.Any(pad => pad < 0)) return null;
        long[] own = [.. pads];
        foreach (int axis in (ReadOnlySpan<int>)[.. axes.WrapsY() ? [AxisY] : Array.Empty<int>(), .. axes.WrapsX() ? [AxisX] : Array.Empty<int>()])
            (own[axis], own[axis + 4]) = (0, 0);
        long Taken(int at) => pads[at] - own[at];
        node.Inputs[0] = Wrap(node.Inputs[0], Taken(AxisY), Taken(AxisX), Taken(AxisY + 4), Taken(AxisX + 4));
        if (node.Integers("pads") is not null) node.Set("pads", own);
        else node.Inputs[1] = Constant($"darkroom.pads.{string.Join('.', own)}", own);
        return null;
    }

    /// <summary>
    /// Pads as torch's exporter writes them: pairs of an axis, the last axis first, filled up with zeros and put into ONNX's order by nodes. Null: other nodes
    /// make them.
    /// </summary>
    private long[]? PadsOfTorch(string value)
    {
        ReadOnlySpan<string> way = ["Cast", "Reshape", "Transpose", "Slice", "Reshape"];
        foreach (string operation in way)
        {
            if (flow.MakerOf(value) is not { } maker || !maker.Is(operation)) return null;
            if (operation == "Transpose" && maker.Integers("perm") is not [1, 0]) return null;
            if (operation == "Slice" && (maker.Inputs.Count < 5 || flow.IntegersOf(maker.Inputs[4]) is not [-1])) return null;
            value = maker.Inputs[0];
        }
        if (flow.MakerOf(value) is not { } joined || !joined.Is("Concat")) return null;
        var pairs = new List<long>();
        foreach (string part in joined.Inputs)
        {
            if (flow.IntegersOf(part) is { } given) pairs.AddRange(given);
            else if (flow.MakerOf(part) is { } zeros && zeros.Is("ConstantOfShape") && flow.IntegersOf(zeros.Inputs[0]) is [var count]
                && zeros.Tensor("value")?.Integers() is null or [0])
                pairs.AddRange(new long[count]);
            else return null;
        }
        int rank = pairs.Count / 2;
        var places = Enumerable.Range(1, rank).Select(axis => 2 * (rank - axis));
        return [.. places.Select(place => pairs[place]), .. places.Select(place => pairs[place + 1])];
    }

    private string Wrap(string value, long top, long left, long bottom, long right)
    {
        if (top + left + bottom + right == 0) return value;
        string key = string.Create(CultureInfo.InvariantCulture, $"{value}/wrapped/{top}.{left}.{bottom}.{right}");
        if (made.TryGetValue(key, out string? known)) return known;
        if (model.Opset >= WrapMode)
        {
            long[] pads = [0, 0, top, left, 0, 0, bottom, right];
            nodes.Add(new OnnxNode("Pad", key, [value, Constant($"darkroom.pads.{string.Join('.', pads)}", pads)], [key]).Set("mode", "wrap"));
            return made[key] = key;
        }
        string lines = Edges(value, AxisY, top, bottom, key + "/y");
        return made[key] = Edges(lines, AxisX, left, right, key + "/x");
    }

    /// <summary>The last entries of an axis before the first, and the first behind the last.</summary>
    private string Edges(string value, int axis, long before, long after, string name)
    {
        if (before + after == 0) return value;
        List<string> parts = [value];
        if (before > 0) parts.Insert(0, Slice(value, axis, -before, int.MaxValue, name + "/before"));
        if (after > 0) parts.Add(Slice(value, axis, 0, after, name + "/after"));
        nodes.Add(new OnnxNode("Concat", name, parts, [name]).Set("axis", axis));
        return name;
    }

    private string Slice(string value, int axis, long from, long to, string name)
    {
        // Limits are inputs since version 10.
        nodes.Add(model.Opset >= 10
            ? new OnnxNode("Slice", name, [value, Number(from), Number(to), Number(axis)], [name])
            : new OnnxNode("Slice", name, [value], [name]).Set("starts", [from]).Set("ends", [to]).Set("axes", [(long)axis]));
        return name;
    }

    private string Number(long value) => constants.TryGetValue(value, out string? known) ? known
        : constants[value] = Constant($"darkroom.edge.{value.ToString(CultureInfo.InvariantCulture)}", [value]);

    private string Constant(string name, long[] values)
    {
        if (!model.Tensors.Exists(tensor => tensor.Name == name)) model.Tensors.Add(OnnxTensor.Of(name, values));
        return name;
    }
}
