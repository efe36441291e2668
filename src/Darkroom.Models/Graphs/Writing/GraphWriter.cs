using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Graphs.Writing;

/// <summary>
/// Writes an ONNX graph node by node. Weights stay in their files; the graph says what type each is to have when it is read.
/// </summary>
internal sealed class GraphWriter(GraphTarget target)
{
    // Field numbers of ModelProto, GraphProto and OperatorSetIdProto.
    private const int IrVersion = 1, Producer = 2, Graph = 7, OpsetImport = 8, Node = 1, GraphName = 2, Initializer = 5, InputField = 11, OutputField = 12,
        Domain = 1, Version = 2;

    /// <summary>The first version of the format with all of ONNX's float8 types and operators of ONNX Runtime 1.20 and later.</summary>
    private const int Format = 10;

    /// <summary>ONNX Runtime's own operators.</summary>
    public const string Runtime = "com.microsoft";

    private readonly List<OnnxNode> nodes = [];
    private readonly List<OnnxPort> inputs = [], outputs = [];
    private readonly Dictionary<string, OnnxTensor> constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GraphValue> weightValues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlacedWeight> weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> names = new(StringComparer.Ordinal); // and how often each was wanted

    public GraphTarget Target => target;

    /// <summary>An input in float32, in the type that is computed with.</summary>
    /// <param name="width">Size of its feature axis.</param>
    public GraphValue FloatInput(string name, int width, params ReadOnlySpan<OnnxPort.Axis> axes) =>
        Computable(Input(name, OnnxElement.Float, axes) with { Width = width });

    /// <summary>An input as it is.</summary>
    public GraphValue Input(string name, int element, params ReadOnlySpan<OnnxPort.Axis> axes)
    {
        inputs.Add(OnnxPort.Of(name, element, axes));
        names[name] = 1;
        return new(this, name);
    }

    /// <summary>Makes a value an output, in float32.</summary>
    public void FloatOutput(string name, GraphValue value, params ReadOnlySpan<OnnxPort.Axis> axes)
    {
        outputs.Add(OnnxPort.Of(name, OnnxElement.Float, axes));
        nodes.Add(new OnnxNode("Cast", "/" + name, [value.Name], [name]).Set("to", OnnxElement.Float)); // nothing where it is float32 already
    }

    /// <summary>Adds a node of one output.</summary>
    /// <param name="inputs">Null: the input is left out.</param>
    /// <param name="name">Null: the operator's with a number.</param>
    public GraphValue Add(
        string opType, int width, IReadOnlyList<GraphValue?> inputs, Action<OnnxNode>? attributes = null, string? name = null, string domain = "") =>
        AddMany(opType, 1, width, inputs, attributes, name, domain)[0];

    /// <summary>Adds a node of several outputs, all of one width.</summary>
    public IReadOnlyList<GraphValue> AddMany(string opType, int count, int width, IReadOnlyList<GraphValue?> inputs, Action<OnnxNode>? attributes = null,
        string? name = null, string domain = "")
    {
        name = Unique(name is null ? $"/{opType}" : $"/{name}/{opType}");
        string[] made = [.. Enumerable.Range(0, count).Select(i => $"{name}_output_{i}")];
        var node = new OnnxNode(opType, name, inputs.Select(input => input?.Name ?? ""), made, domain);
        attributes?.Invoke(node);
        nodes.Add(node);
        return [.. made.Select(output => new GraphValue(this, output, width))];
    }

    public GraphValue Concat(int axis, int width, params IReadOnlyList<GraphValue> parts) => Add("Concat", width, parts, node => node.Set("axis", axis));

    /// <summary>A single number, in the type that is computed with.</summary>
    public GraphValue Number(float value) => Numbers([], [value]);

    /// <summary>A tensor of numbers, in the type that is computed with.</summary>
    public GraphValue Numbers(IReadOnlyList<long> shape, ReadOnlySpan<float> values, bool single = false)
    {
        bool half = target.Arithmetic == OnnxElement.Float16 && !single;
        byte[] raw = half ? new byte[2 * values.Length] : MemoryMarshal.AsBytes(values).ToArray();
        for (int i = 0; half && i < values.Length; i++) BinaryPrimitives.WriteHalfLittleEndian(raw.AsSpan(2 * i), (Half)values[i]);
        return Constant(half ? OnnxElement.Float16 : OnnxElement.Float, shape, raw);
    }

    /// <summary>A list of whole numbers: a shape, axes.</summary>
    public GraphValue Integers(IReadOnlyList<long> values) => Constant(OnnxElement.Int64, [values.Count], MemoryMarshal.AsBytes<long>([.. values]).ToArray());

    /// <summary>A single whole number.</summary>
    public GraphValue Integer(long value) => Constant(OnnxElement.Int64, [], BitConverter.GetBytes(value));

    /// <summary>A weight in the type that is computed with.</summary>
    /// <param name="name">The module's own name of it.</param>
    public GraphValue Weight(string name, StoredTensor tensor)
    {
        string key = name + StoredTensor.TextOf(tensor.Shape) + tensor.Offset.ToString(CultureInfo.InvariantCulture);
        if (weightValues.TryGetValue(key, out var known)) return known;
        var value = Placed(name, tensor, target.Arithmetic);
        if (tensor.Transposed) value = value.Transpose(0, 1, 0);
        return weightValues[key] = value;
    }

    /// <summary>
    /// A weight as it is stored, for those of which a call needs a few rows alone. No operator takes rows of float8, which float16 holds exactly.
    /// </summary>
    public GraphValue StoredWeight(string name, StoredTensor tensor) => Placed(name, tensor,
        tensor is not { Changes: [], Scale: null } ? target.Arithmetic
        : tensor.Type is StoredType.F8E4M3 or StoredType.F8E5M2 ? OnnxElement.Float16
        : OnnxElement.Of(tensor.Type));

    /// <summary>A value in the type that is computed with; to be used where it may have another.</summary>
    public GraphValue Computable(GraphValue value) => target.Arithmetic == OnnxElement.Float ? value : value.Cast(target.Arithmetic);

    /// <param name="part">The part of a model that the graph is.</param>
    public WrittenGraph Write(string part)
    {
        var graph = new WireMessage();
        foreach (var node in nodes) graph.Add(Node, node.ToArray());
        graph.Add(GraphName, part);
        foreach (var constant in constants.Values) graph.Add(Initializer, constant.ToArray());
        foreach (var (name, weight) in weights)
            graph.Add(Initializer, OnnxTensor.InFile(name, weight.Element, weight.Sides, weight.Place, 0, weight.Bytes).ToArray());
        foreach (var port in inputs) graph.Add(InputField, port.ToArray());
        foreach (var port in outputs) graph.Add(OutputField, port.ToArray());
        var model = new WireMessage().Add(IrVersion, Format).Add(Producer, "Darkroom").Add(Graph, graph)
            .Add(OpsetImport, new WireMessage().Add(Version, target.Opset))
            .Add(OpsetImport, new WireMessage().Add(Domain, Runtime).Add(Version, 1));
        return new(part, model.ToArray(), weights);
    }

    private GraphValue Placed(string name, StoredTensor tensor, int element)
    {
        name = Unique(tensor.FirstRow > 0 ? $"{name}[{tensor.FirstRow}]" : name);
        weights.Add(name, new PlacedWeight(tensor, element, $"weight{weights.Count}"));
        return new(this, name);
    }

    private GraphValue Constant(int element, IReadOnlyList<long> shape, byte[] raw)
    {
        byte[] content = raw.Length <= SHA256.HashSizeInBytes ? raw : SHA256.HashData(raw);
        string name = $"constant/{element}/{StoredTensor.TextOf(shape)}/{Convert.ToHexStringLower(content)}";
        if (!constants.ContainsKey(name)) constants[name] = OnnxTensor.Of(name, element, shape, raw);
        return new(this, name);
    }

    private string Unique(string name)
    {
        while (!names.TryAdd(name, 1)) name = $"{name}_{names[name]++}";
        return name;
    }
}
