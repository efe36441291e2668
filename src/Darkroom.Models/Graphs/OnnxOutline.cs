namespace Darkroom.Models.Graphs;

/// <summary>A file beside a graph that holds weights of it, and how long it must be at least.</summary>
internal readonly record struct ExternalData(string Location, long Bytes);

/// <summary>What an ONNX file says without being loaded.</summary>
/// <param name="Files">Files beside it that hold weights, in ordinal order of name.</param>
/// <param name="Inputs">What it takes; files of before 2018 list their weights too.</param>
/// <param name="Weights">Values of its weights, for each element type (<c>TensorProto.DataType</c>).</param>
internal sealed record GraphOutline(IReadOnlyList<ExternalData> Files, IReadOnlyList<OnnxPort> Inputs, IReadOnlyDictionary<int, long> Weights)
{
    private const int MaxAxis = 1 << 20;

    /// <summary>Whether its attention's layers can be told by the names that torch gave their modules.</summary>
    public bool NamesLayers { get; init; }

    /// <summary>An operator of quantised weights or values that it has; null: none.</summary>
    public string? Quantised { get; init; }

    /// <summary>Whether all of its attention is ONNX Runtime's operator, which never holds the products of all positions with each other.</summary>
    public bool FusesAttention { get; init; }

    /// <summary>Of a graph that is to be written yet.</summary>
    public static GraphOutline Empty { get; } = new([], [], new Dictionary<int, long>());

    /// <summary>The sizes of an input's axes, null where one is free; null where there is no such input, or it says nothing of its shape.</summary>
    public IReadOnlyList<int?>? AxesOf(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            if (Inputs.FirstOrDefault(port => port.Name == name) is { Axes: { } axes })
                return [.. axes.Select(axis => axis.Fixed is > 0 and <= MaxAxis ? (int?)axis.Fixed : null)];
        return null;
    }
}

/// <summary>
/// Walks over an ONNX file without loading it: weights are skipped, so a file of gigabytes takes milliseconds. Finds the external data files, sees
/// whether the file is whole, and refuses what would make ONNX Runtime load code or files that the catalog has not seen.
/// </summary>
internal sealed class OnnxOutline
{
    private const int MaxDepth = 48, MaxPortBytes = 1 << 16, MaxPorts = 4096, MaxTypes = 64, MaxNameBytes = 1024;
    private const long MaxCount = 1L << 50;

    // Operators of ONNX itself and of ONNX Runtime; any other set needs a library of its own.
    private static readonly HashSet<string> KnownOperators = ["", "ai.onnx", "ai.onnx.ml", "com.microsoft"];

    private static readonly HashSet<string> QuantisedOperators =
    [
        "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger", "QLinearMatMul", "QLinearConv", "DynamicQuantizeMatMul",
        "MatMulIntegerToFloat", "MatMulNBits", "MatMulBnb4", "QGemm", "QAttention",
    ];

    // Exporters list sets that they then do not use; ONNX Runtime ignores those, and so must this.
    private readonly HashSet<string> usedOperators = new(StringComparer.Ordinal);

    private enum Message { Skipped, Model, Function, Graph, Node, Attribute, Sparse, Tensor, Entry }

    private readonly WireReader reader;
    private readonly Dictionary<string, long> files = new(StringComparer.Ordinal);
    private readonly List<OnnxPort> inputs = [];
    private readonly Dictionary<int, long> weights = [];
    private readonly HashSet<string> ownFunctions = new(StringComparer.Ordinal);
    private bool hasGraph, namesLayers, fusesAttention, holdsScores;
    private string? quantised;

    private OnnxOutline(Stream stream) => reader = new WireReader(stream);

    /// <exception cref="InvalidDataException">Cut off, not ONNX, or not to be trusted; the message says which, to stand behind the file's name.</exception>
    public static GraphOutline Read(Stream stream)
    {
        var outline = new OnnxOutline(stream);
        outline.Walk(Message.Model, stream.Length, 0);
        if (!outline.hasGraph) throw WireReader.NotOnnx();
        if (outline.usedOperators.Except(KnownOperators).Except(outline.ownFunctions).Order(StringComparer.Ordinal).FirstOrDefault() is { } foreign)
            throw new InvalidDataException($"uses operators of '{foreign}', which ONNX Runtime has not without further libraries");
        return new(
            [.. outline.files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => new ExternalData(file.Key, file.Value))],
            outline.inputs, outline.weights)
        {
            NamesLayers = outline.namesLayers,
            Quantised = outline.quantised,
            FusesAttention = outline.fusesAttention && !outline.holdsScores,
        };
    }

    // Field numbers of onnx.proto.
    private static Message Inside(Message message, int field) => (message, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Model, 25) => Message.Function,
        (Message.Function, 7) => Message.Node,
        (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 15) => Message.Sparse,
        (Message.Node, 5) => Message.Attribute,
        (Message.Attribute, 5 or 10) => Message.Tensor,
        (Message.Attribute, 6 or 11) => Message.Graph,
        (Message.Attribute, 22 or 23) => Message.Sparse,
        (Message.Sparse, 1 or 2) => Message.Tensor,
        (Message.Tensor, 13) => Message.Entry,
        _ => Message.Skipped,
    };

    private void Walk(Message message, long end, int depth)
    {
        if (depth > MaxDepth) throw WireReader.NotOnnx();
        string? location = null;
        long offset = 0, length = 0, count = 1;
        int type = 0;
        while (reader.Next(end, out var field))
        {
            bool graph = message == Message.Model && field.Number == 7;
            // The graph is nearly the whole file; where it would end tells how much is missing.
            if (field.End > end)
                throw graph ? new InvalidDataException($"is cut off: {reader.Length} bytes of {field.End} are there") : WireReader.NotOnnx();
            if (field.Type == WireType.Bytes)
            {
                hasGraph |= graph;
                var inside = Inside(message, field.Number);
                if (inside == Message.Entry) ReadEntry(field, ref location, ref offset, ref length);
                else if (inside != Message.Skipped) Walk(inside, field.End, depth + 1);
                else if (message == Message.Tensor && field.Number == 1) CountPacked(field, ref count);
                else Look(message, field, depth);
            }
            else if (message == Message.Tensor && field.Type == WireType.Varint)
            {
                if (field.Number == 1) Multiply(ref count, field.Value);
                else if (field.Number == 2) type = (int)Math.Min(field.Value, int.MaxValue);
            }
            reader.Position = field.End;
        }
        if (location is not null) files[location] = Math.Max(files.GetValueOrDefault(location), offset + length);
        // A weight, or the value of a constant; sizes and indices are a handful of values.
        if (message == Message.Tensor && weights.Count < MaxTypes) weights[type] = Math.Min(MaxCount, weights.GetValueOrDefault(type) + count);
    }

    private void CountPacked(WireSpan sizes, ref long count)
    {
        while (reader.Position < sizes.End) Multiply(ref count, reader.Varint(sizes.End));
    }

    /// <summary>Sizes are what a stranger wrote: the product stops at a bound.</summary>
    private static void Multiply(ref long count, ulong size) => count = (long)UInt128.Min((UInt128)(ulong)count * size, (UInt128)MaxCount);

    private void Look(Message message, WireSpan field, int depth)
    {
        switch (message, field.Number)
        {
            // Such a node names a compiled file that the runtime would open, wherever it lies.
            case (Message.Node, 4):
                string operation = reader.ReadText(field);
                if (operation == "EPContext")
                    throw new InvalidDataException("has a node EPContext, which loads a compiled file: only plain ONNX graphs are taken");
                if (QuantisedOperators.Contains(operation)) quantised ??= operation;
                fusesAttention |= operation == "MultiHeadAttention";
                holdsScores |= operation is "Softmax" or "Attention";
                break;
            // An attention's query layer, by its node's name or its weight's: what every LoRA of such networks is for.
            case (Message.Node, 1 or 3) when !namesLayers && field.Length <= MaxNameBytes:
                string name = reader.ReadText(field);
                namesLayers = field.Number == 3 ? name.Contains("/to_q/", StringComparison.Ordinal) : name.EndsWith(".to_q.weight", StringComparison.Ordinal);
                break;
            case (Message.Node, 7):
                usedOperators.Add(reader.ReadText(field));
                break;
            // Ports of the graph itself, which stand in the model's own message; those of graphs in nodes are nobody's.
            case (Message.Graph, 11) when depth == 1 && field.Length <= MaxPortBytes && inputs.Count < MaxPorts:
                inputs.Add(new OnnxPort(reader.Read(field)));
                break;
            case (Message.Function, 10):
                ownFunctions.Add(reader.ReadText(field));
                break;
        }
    }

    /// <summary>A key and its value: <c>location</c>, <c>offset</c>, <c>length</c>.</summary>
    private void ReadEntry(WireSpan entry, ref string? location, ref long offset, ref long length)
    {
        string key = "", value = "";
        while (reader.NextWhole(entry.End, out var field))
        {
            string text = reader.ReadText(field);
            if (field.Number == 1) key = text;
            else if (field.Number == 2) value = text;
            reader.Position = field.End;
        }
        if (key == "location") location = value;
        else if (key is "offset" or "length" && long.TryParse(value, out long number) && number is >= 0 and < 1L << 50)
            (key == "offset" ? ref offset : ref length) = number;
    }
}
