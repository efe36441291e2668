using System.Runtime.InteropServices;
using Darkroom.Models.Graphs;

namespace Darkroom.Models.Tests.Graphs;

/// <summary>An ONNX file put together node by node, in a folder of its own.</summary>
internal sealed class HandMadeGraph : IDisposable
{
    public const int Float = 1, Int32 = 6, Int64 = 7, Float16 = 10;

    private readonly WireMessage graph = new();
    private readonly List<(string Domain, long Version)> sets;
    private int constants;

    public HandMadeGraph(long opset = 17) => sets = [("", opset)];

    public string Folder { get; } = Directory.CreateTempSubdirectory("darkroom-graph-").FullName;

    public string Path => System.IO.Path.Combine(Folder, "unet", "model.onnx");

    public HandMadeGraph Operators(string domain)
    {
        sets.Add((domain, 1));
        return this;
    }

    /// <param name="axes">A number for a fixed size, a text for a free one.</param>
    public HandMadeGraph Input(string name, int element, params object[] axes) => Add(11, Port(name, element, axes));

    public HandMadeGraph Output(string name, int element, params object[] axes) => Add(12, Port(name, element, axes));

    public HandMadeGraph Note(string name, int element, params object[] axes) => Add(13, Port(name, element, axes));

    /// <summary>Adds a node and gives its output's name, which is the operator's with a number where none is wanted.</summary>
    public string Node(string opType, IEnumerable<string> inputs, string? output = null, string? ints = null, long[]? values = null,
        (string Name, long Value)? number = null, string domain = "")
    {
        output ??= $"{opType}_{graph.Fields.Count}";
        var node = new WireMessage();
        foreach (string input in inputs) node.Add(1, input);
        node.Add(2, output).Add(3, $"/{output}").Add(4, opType);
        if (domain.Length > 0) node.Add(7, domain);
        if (ints is not null)
        {
            var attribute = new WireMessage().Add(1, ints);
            foreach (long value in values!) attribute.Add(8, value);
            node.Add(5, attribute.Add(20, 7));
        }
        if (number is { } one) node.Add(5, new WireMessage().Add(1, one.Name).Add(3, one.Value).Add(20, 2));
        Add(1, node);
        return output;
    }

    public string Constant(params long[] values) => Tensor(Int64, [values.Length], MemoryMarshal.AsBytes<long>(values).ToArray());

    public string Scalar(float value) => Tensor(Float, [], MemoryMarshal.AsBytes<float>(new[] { value }).ToArray());

    public string Table(int[] shape, params float[] values) => Tensor(Float, shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    /// <summary>Weights in a file beside the graph.</summary>
    public string External(string file, int offset, int[] shape, float[] values)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        byte[] bytes = new byte[offset + values.Length * 4];
        MemoryMarshal.AsBytes<float>(values).CopyTo(bytes.AsSpan(offset));
        File.WriteAllBytes(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, file), bytes);
        string name = $"constant{constants++}";
        var tensor = Shaped(Float, shape, name);
        foreach (var (key, value) in new[] { ("location", file), ("offset", $"{offset}"), ("length", $"{values.Length * 4}") })
            tensor.Add(13, new WireMessage().Add(1, key).Add(2, value));
        Add(5, tensor.Add(14, 1));
        return name;
    }

    public HandMadeGraph Add(int field, WireMessage message)
    {
        graph.Add(field, message);
        return this;
    }

    /// <summary>Writes the file and gives its path.</summary>
    public string Write()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var model = new WireMessage().Add(1, 8).Add(2, "hand");
        foreach (var (domain, version) in sets)
        {
            var set = new WireMessage();
            if (domain.Length > 0) set.Add(1, domain);
            model.Add(8, set.Add(2, version));
        }
        File.WriteAllBytes(Path, model.Add(7, graph.Add(2, "graph")).ToArray());
        return Path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string Tensor(int element, int[] shape, byte[] raw)
    {
        string name = $"constant{constants++}";
        Add(5, Shaped(element, shape, name).Add(9, raw));
        return name;
    }

    private static WireMessage Shaped(int element, int[] shape, string name)
    {
        var tensor = new WireMessage();
        foreach (int side in shape) tensor.Add(1, side);
        return tensor.Add(2, element).Add(8, name);
    }

    private static WireMessage Port(string name, int element, object[] axes)
    {
        var shape = new WireMessage();
        foreach (object axis in axes) shape.Add(1, axis is string free ? new WireMessage().Add(2, free) : new WireMessage().Add(1, (int)axis));
        return new WireMessage().Add(1, name).Add(2, new WireMessage().Add(1, new WireMessage().Add(1, element).Add(2, shape)));
    }
}
