using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Graphs.Quantising;

/// <summary>Puts nodes and small constants into a graph that is edited. A value that two layers need is computed once.</summary>
internal sealed class NodeList(OnnxModel model)
{
    private readonly Dictionary<string, string> made = new(StringComparer.Ordinal);
    private readonly HashSet<string> constants = new(StringComparer.Ordinal);

    /// <summary>The graph's nodes as they will be.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>Whether reductions take their axes as an input.</summary>
    public bool AxesAreInputs => model.Opset >= 18;

    /// <summary>A node of one output, made once for the same operator, inputs and <paramref name="variant"/>.</summary>
    public string Once(string opType, string variant, IReadOnlyList<string> inputs, Action<OnnxNode>? attributes = null) =>
        OnceMany(opType, variant, 1, inputs, attributes)[0];

    /// <summary>The same of several outputs.</summary>
    public string[] OnceMany(string opType, string variant, int count, IReadOnlyList<string> inputs, Action<OnnxNode>? attributes = null)
    {
        string key = $"{opType}({string.Join(",", inputs)}){variant}";
        if (!made.TryGetValue(key, out string? name))
        {
            made[key] = name = $"/int8/{opType}_{made.Count}";
            Add(opType, name, inputs, [.. Enumerable.Range(0, count).Select(i => $"{name}_output_{i}")], attributes);
        }
        return [.. Enumerable.Range(0, count).Select(i => $"{name}_output_{i}")];
    }

    public void Add(
        string opType, string name, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, Action<OnnxNode>? attributes = null, string domain = "")
    {
        var node = new OnnxNode(opType, name, inputs, outputs, domain);
        attributes?.Invoke(node);
        Nodes.Add(node);
    }

    /// <summary>A list of whole numbers.</summary>
    public string Integers(params IReadOnlyList<long> values) =>
        Constant("i" + string.Join("_", values), name => OnnxTensor.Of(name, values));

    /// <summary>A single whole number.</summary>
    public string Integer(long value) => Constant($"n{value}", name => OnnxTensor.Of(name, OnnxElement.Int64, [], BitConverter.GetBytes(value)));

    /// <summary>A single number.</summary>
    public string Number(float value) =>
        Constant($"f{BitConverter.SingleToUInt32Bits(value):x8}", name => OnnxTensor.Of(name, OnnxElement.Float, [], BitConverter.GetBytes(value)));

    /// <summary>A single byte.</summary>
    public string Byte(byte value) => Constant($"b{value}", name => OnnxTensor.Of(name, 2, [], new[] { value }));

    private string Constant(string key, Func<string, OnnxTensor> tensor)
    {
        string name = "/int8/" + key;
        if (constants.Add(name)) model.Tensors.Add(tensor(name));
        return name;
    }
}
