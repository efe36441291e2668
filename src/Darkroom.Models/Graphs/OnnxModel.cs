using Darkroom.Models.Files;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Graphs;

/// <summary>
/// An ONNX model to edit. Weights stay in their file: the model in memory is the graph alone, and its large tensors say where in the file their values
/// lie (ONNX's external data, whose file may be the model's own). So a model of gigabytes is edited and opened without a second copy of its weights.
/// </summary>
internal sealed class OnnxModel
{
    /// <summary>Tensors up to this many bytes are kept in memory: shapes, axes, tables.</summary>
    private const long MaxBytesInMemory = 1024;

    /// <summary>A graph that is larger than this without its weights is not edited: it would have to be held twice.</summary>
    private const long MaxGraphBytes = 256 << 20;

    // Field numbers of ModelProto and GraphProto.
    private const int Graph = 7, OpsetImport = 8, Node = 1, Initializer = 5, Input = 11, Output = 12, ValueInfo = 13;

    private readonly WireMessage header = new();
    private readonly WireMessage rest = new();
    private readonly List<byte[]> unreadNodes = [];
    private List<OnnxNode>? nodes;
    private bool isWritten;

    private OnnxModel(string path) => Path = path;

    /// <summary>The file, links followed; its folder is where the edited model finds its weights.</summary>
    public string Path { get; }

    /// <summary>Decoded when first asked for: a caller that finds the inputs as they should be never asks.</summary>
    public List<OnnxNode> Nodes => nodes ??= [.. unreadNodes.Select(bytes => new OnnxNode(bytes))];

    public List<OnnxTensor> Tensors { get; } = [];

    public List<OnnxPort> Inputs { get; } = [];

    public List<OnnxPort> Outputs { get; } = [];

    /// <summary>What is said of values between nodes; hints that may be left out.</summary>
    public List<OnnxPort> Values { get; } = [];

    /// <summary>Tensors whose values are not where the model says: what opens it reads these, and says where they are in memory.</summary>
    public List<PlacedWeight> Weights { get; } = [];

    /// <summary>Version of ONNX's own operators.</summary>
    public long Opset => header.Messages(OpsetImport).Where(set => set.Text(1) is "" or "ai.onnx").Select(set => set.Number(2)).FirstOrDefault();

    /// <exception cref="InvalidDataException">No ONNX graph, or one that is too large without its weights.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxModel Read(string path)
    {
        var model = new OnnxModel(RealPath.Of(path));
        using var stream = new FileStream(model.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.RandomAccess);
        model.Read(stream);
        model.FollowLinks(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        return model;
    }

    /// <summary>A graph that was written here, to be edited as one that was exported. Its weights stay where they are said to be.</summary>
    public static OnnxModel Of(WrittenGraph written)
    {
        var model = new OnnxModel(written.Part) { isWritten = true };
        model.Read(new MemoryStream(written.Model.ToArray(), writable: false));
        return model;
    }

    /// <summary>Says that the graph has operators of a domain beside ONNX's own, where it does not say so yet.</summary>
    public void Import(string domain, long version)
    {
        if (!header.Messages(OpsetImport).Any(set => set.Text(1) == domain)) header.Add(OpsetImport, new WireMessage().Add(1, domain).Add(2, version));
    }

    private void Read(Stream stream)
    {
        var reader = new WireReader(stream);
        while (reader.NextWhole(reader.Length, out var field))
        {
            if (field is { Number: Graph, Type: WireType.Bytes }) ReadGraph(reader, field);
            else header.Fields.Add(WireMessage.InMemory(field, reader.Read(Bounded(field))));
            reader.Position = field.End;
        }
    }

    /// <summary>The edited model. It is to be opened with <see cref="Path"/>'s folder as the place of its weights.</summary>
    public byte[] ToArray()
    {
        var graph = new WireMessage();
        foreach (var node in Nodes) graph.Add(Node, node.ToArray());
        foreach (var tensor in Tensors) graph.Add(Initializer, tensor.ToArray());
        foreach (var port in Inputs) graph.Add(Input, port.ToArray());
        foreach (var port in Outputs) graph.Add(Output, port.ToArray());
        foreach (var port in Values) graph.Add(ValueInfo, port.ToArray());
        graph.Fields.AddRange(rest.Fields);
        return header.Copy().Add(Graph, graph).ToArray();
    }

    private void ReadGraph(WireReader reader, WireSpan graph)
    {
        string? file = isWritten ? null : System.IO.Path.GetFileName(Path); // what was written here is in none
        long kept = 0;
        while (reader.NextWhole(graph.End, out var field))
        {
            if (field is { Number: Initializer, Type: WireType.Bytes })
            {
                Tensors.Add(OnnxTensor.Read(reader, field, file, MaxBytesInMemory));
            }
            else
            {
                if ((kept += field.Length) > MaxGraphBytes) throw TooLarge();
                byte[] content = reader.Read(field);
                if (field.Type != WireType.Bytes) rest.Fields.Add(WireMessage.InMemory(field, content));
                else if (field.Number == Node) unreadNodes.Add(content);
                else if (field.Number == Input) Inputs.Add(new OnnxPort(content));
                else if (field.Number == Output) Outputs.Add(new OnnxPort(content));
                else if (field.Number == ValueInfo) Values.Add(new OnnxPort(content));
                else rest.Fields.Add(WireMessage.InMemory(field, content));
            }
            reader.Position = field.End;
        }
    }

    /// <summary>
    /// A folder may consist of links into a store of files with other names (as download caches do): then weights are asked for by the names they have
    /// there, beside the graph.
    /// </summary>
    private void FollowLinks(string folder)
    {
        string real = System.IO.Path.GetDirectoryName(Path)!;
        if (real == folder) return;
        foreach (var tensor in Tensors)
            tensor.Relocate(location =>
            {
                if (location == System.IO.Path.GetFileName(Path)) return location;
                string there = RealPath.Of(System.IO.Path.Combine(folder, location));
                return RealPath.IsBelow(there, real) ? System.IO.Path.GetRelativePath(real, there) : location;
            });
    }

    private static WireSpan Bounded(WireSpan field) => field.Length <= MaxGraphBytes ? field : throw TooLarge();

    private static InvalidDataException TooLarge() => new("has more than 256 MB beside its weights");
}
