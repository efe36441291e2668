using System.Runtime.InteropServices;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Graphs.Blocked;

/// <summary>
/// Has the convolutions of a written graph compute in the layout that ONNX Runtime's fastest ones take on x86-64: channels in blocks, [B, C / n, h, w, n].
/// At its highest level the runtime makes the same of a graph by itself, and of each weight a copy when a session opens. Here the graph says it from the
/// start, and weights are put in order while they are read: no time, no copy.
/// </summary>
internal sealed class BlockedGraph
{
    /// <summary>The domain of operators in that layout. They are the runtime's own, in saved optimised graphs; it does not promise them.</summary>
    public const string Domain = "com.microsoft.nchwc";

    private const string InBlocks = "/blocked";

    // Field numbers of ModelProto, GraphProto, OperatorSetIdProto and TensorProto.
    private const int Graph = 7, OpsetImport = 8, Node = 1, Initializer = 5, ImportDomain = 1, ImportVersion = 2, RawData = 9, Dims = 1, TensorName = 8;

    private readonly int block;
    private readonly Dictionary<string, WireMessage> constants;
    private readonly IReadOnlyDictionary<string, PlacedWeight> weights;
    private readonly Dictionary<string, List<OnnxNode>> users = new(StringComparer.Ordinal);
    private readonly List<OnnxNode> written = [];

    /// <summary>Channels of each value that is there in blocks.</summary>
    private readonly Dictionary<string, long> channels = new(StringComparer.Ordinal);

    /// <summary>Those of them that nothing has asked for in rows yet.</summary>
    private readonly HashSet<string> unwritten = new(StringComparer.Ordinal);

    /// <summary>The node that a value in blocks comes from.</summary>
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    private BlockedGraph(IEnumerable<OnnxNode> nodes, WireMessage graph, IReadOnlyDictionary<string, PlacedWeight> weights, int block)
    {
        (this.weights, this.block) = (weights, block);
        constants = graph.Messages(Initializer).Where(constant => !weights.ContainsKey(constant.Text(TensorName)))
            .ToDictionary(constant => constant.Text(TensorName), StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            foreach (string input in node.Inputs)
            {
                ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(users, input, out _);
                (list ??= []).Add(node);
            }
        }
    }

    /// <param name="block">Channels in a block; 0: the graph stays as it is.</param>
    public static WrittenGraph Of(WrittenGraph plain, int block)
    {
        if (block == 0) return plain;
        var model = WireMessage.Parse(plain.Model.ToArray());
        var graph = model.Messages(Graph).Single();
        OnnxNode[] nodes = [.. graph.Messages(Node).Select(node => new OnnxNode(node.ToArray()))];
        var blocked = new BlockedGraph(nodes, graph, plain.Weights, block);
        string[] filters = [.. nodes.Where(blocked.IsConvolution).Select(node => node.Inputs[1]).Distinct(StringComparer.Ordinal)];
        if (filters is []) return plain;
        foreach (var node in nodes) blocked.Write(node);
        graph.Remove(Node);
        foreach (var node in blocked.written) graph.Add(Node, node.ToArray());
        model.Remove(Graph).Add(Graph, graph).Add(OpsetImport, new WireMessage().Add(ImportDomain, Domain).Add(ImportVersion, 1));
        var ordered = new Dictionary<string, PlacedWeight>(plain.Weights);
        foreach (string filter in filters) ordered[filter] = ordered[filter] with { Block = block };
        return plain with { Model = model.ToArray(), Weights = ordered };
    }

    /// <summary>
    /// Whether a node is a convolution with whole blocks of inputs and outputs, whose weight nothing else takes. One of 1 × 1 is a product of matrices, and in
    /// ONNX's layout as fast or faster.
    /// </summary>
    private bool IsConvolution(OnnxNode node) => node.Is("Conv") && weights.TryGetValue(node.Inputs[1], out var weight)
        && weight is { Element: OnnxElement.Float, Tensor: { Transposed: false, Shape: [var outputs, var inputs, var high, var wide] } }
        && outputs % block == 0 && inputs % block == 0 && high * wide > 1
        && node.Integers("pads") is not null && (node.Integer("group") ?? 1) == 1 && (node.Integers("dilations")?.All(step => step == 1) ?? true)
        && users[node.Inputs[1]].TrueForAll(user => user.Is("Conv") && user.Inputs[1] == node.Inputs[1]);

    private void Write(OnnxNode node)
    {
        if (IsConvolution(node)) WriteConvolution(node);
        else if (TimesLarger(node) is { } times && users[node.Outputs[0]].TrueForAll(IsConvolution)) WriteUpsample(node, times);
        else if (IsSum(node)) WriteSum(node);
        else if (StaysInBlocks(node)) WriteInBlocks(node);
        else
        {
            foreach (string input in node.Inputs) Unblock(input);
            written.Add(node);
        }
    }

    private void WriteConvolution(OnnxNode node)
    {
        var conv = new OnnxNode("Conv", node.Name, [Block(node.Inputs[0], InputsOf(node)), .. node.Inputs.Skip(1)],
            [node.Outputs[0] + InBlocks], Domain);
        foreach (string name in (string[])["kernel_shape", "pads", "strides"])
            if (node.Integers(name) is { } values) conv.Set(name, values);
        conv.Set("group", 1).Set("dilations", [1, 1]);
        Made(node.Outputs[0], weights[node.Inputs[1]].Tensor.Shape[0], conv);
    }

    private void WriteUpsample(OnnxNode node, long times)
    {
        long wide = InputsOf(users[node.Outputs[0]][0]);
        var larger = new OnnxNode("Upsample", node.Name, [Block(node.Inputs[0], wide)], [node.Outputs[0] + InBlocks], Domain)
            .Set("scales", [1, 1, times, times]).Set("mode", "nearest").Set("coordinate_transformation_mode", "asymmetric");
        Made(node.Outputs[0], wide, larger);
    }

    /// <summary>Both are in blocks, and one is a convolution's that nothing else takes: it adds the other while it writes.</summary>
    private void WriteSum(OnnxNode node)
    {
        var (one, other) = (node.Inputs[0], node.Inputs[1]);
        if (!IsOpenConvolution(other) || (IsOpenConvolution(one) && places[one] > places[other])) (one, other) = (other, one);
        if (!IsOpenConvolution(other) || places[one] > places[other])
        {
            WriteInBlocks(node);
            return;
        }
        var conv = written[places[other]];
        if (conv.Inputs.Count == 2) conv.Inputs.Add("");
        conv.Inputs.Add(one + InBlocks);
        conv.Outputs[0] = node.Outputs[0] + InBlocks;
        unwritten.Remove(other);
        channels[node.Outputs[0]] = channels[other];
        channels.Remove(other);
        places[node.Outputs[0]] = places[other];
        unwritten.Add(node.Outputs[0]);
    }

    private bool IsOpenConvolution(string value) =>
        unwritten.Contains(value) && users[value].Count == 1 && written[places[value]] is { OpType: "Conv", Domain: Domain, Inputs.Count: < 4 };

    private bool IsSum(OnnxNode node) => node.Is("Add") && node.Inputs.TrueForAll(channels.ContainsKey) && StaysInBlocks(node);

    /// <summary>
    /// Whether an operator gives the same in either layout, all that it takes is there in blocks, and something would have to be put in rows for it.
    /// </summary>
    private bool StaysInBlocks(OnnxNode node)
    {
        bool joins = node.Is("Concat");
        if (joins ? node.Integer("axis") != 1 : !(node.Is("Add") || node.Is("Sub") || node.Is("Mul") || node.Is("LeakyRelu") || node.Is("Relu"))) return false;
        string[] pictures = [.. node.Inputs.Where(input => !IsNumber(input))];
        return pictures.Length > 0 && Array.TrueForAll(pictures, channels.ContainsKey) && Array.Exists(pictures, unwritten.Contains)
            && (joins || pictures.Select(picture => channels[picture]).Distinct().Count() == 1);
    }

    private void WriteInBlocks(OnnxNode node)
    {
        var copy = node.Copy();
        long wide = node.Is("Concat") ? node.Inputs.Sum(input => channels[input]) : channels[node.Inputs.First(channels.ContainsKey)];
        for (int i = 0; i < copy.Inputs.Count; i++)
            if (channels.ContainsKey(copy.Inputs[i])) copy.Inputs[i] += InBlocks;
        copy.Outputs[0] += InBlocks;
        Made(node.Outputs[0], wide, copy);
    }

    /// <summary>The name of a value in blocks; it is put there if it is not.</summary>
    private string Block(string value, long wide)
    {
        if (!channels.ContainsKey(value))
        {
            Made(value, wide, new OnnxNode("ReorderInput", value + "/ReorderInput", [value], [value + InBlocks], Domain));
            unwritten.Remove(value);
        }
        return value + InBlocks;
    }

    /// <summary>Puts a value in rows, if it is in blocks alone.</summary>
    private void Unblock(string value)
    {
        if (unwritten.Remove(value))
            written.Add(new OnnxNode("ReorderOutput", value + "/ReorderOutput", [value + InBlocks], [value], Domain).Set("channels", channels[value]));
    }

    private void Made(string value, long wide, OnnxNode node)
    {
        (channels[value], places[value]) = (wide, written.Count);
        unwritten.Add(value);
        written.Add(node);
    }

    /// <summary>Channels of what a convolution takes.</summary>
    private long InputsOf(OnnxNode convolution) => weights[convolution.Inputs[1]].Tensor.Shape[1];

    private bool IsNumber(string value) => constants.TryGetValue(value, out var constant) && constant.Numbers(Dims).Count == 0;

    /// <summary>How many times as wide and high a node makes its picture by repeating cells; null: it does something else.</summary>
    private long? TimesLarger(OnnxNode node)
    {
        if (!node.Is("Resize") || node.TextOf("mode") != "nearest" || node.TextOf("coordinate_transformation_mode") != "asymmetric"
            || node.TextOf("nearest_mode") != "floor" || node.Inputs is not [_, "", var given] || !constants.TryGetValue(given, out var constant)) return null;
        var raw = constant.Fields.FirstOrDefault(field => field.Number == RawData).Bytes;
        return MemoryMarshal.Cast<byte, float>(raw.Span).ToArray() is [1f, 1f, var high, var wide] && high == wide && float.IsInteger(high) ? (long)high : null;
    }
}
