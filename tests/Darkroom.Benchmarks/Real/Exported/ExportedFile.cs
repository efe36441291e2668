using System.Runtime.InteropServices;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Sessions;

namespace Darkroom.Benchmarks.Real.Exported;

/// <summary>
/// Writes a graph as exporters leave it on disk: <c>model.onnx</c>, and beside it one file with the weights in float32. A weight that is only used the
/// other way round is stored so: exporters fold the transposition of a linear layer's weight.
/// </summary>
internal static class ExportedFile
{
    public const string Name = "model.onnx";

    private const string DataName = "model.onnx_data";

    /// <summary>So that a weight can be mapped.</summary>
    private const int Alignment = 1 << 16;

    // Field numbers of ModelProto and GraphProto, and of TensorProto's name.
    private const int Graph = 7, Node = 1, Initializer = 5, TensorName = 8;

    /// <returns>The graph's file.</returns>
    public static string Write(WrittenGraph written, string folder)
    {
        Directory.CreateDirectory(folder);
        var model = WireMessage.Parse(written.Model.ToArray());
        var graph = model.Messages(Graph).Single();
        var places = written.Weights.ToDictionary(weight => weight.Key, weight => new StoredWeight(weight.Value, false), StringComparer.Ordinal);
        OnnxNode[] nodes = [.. graph.Fields.Where(field => field.Number == Node).Select(field => new OnnxNode(field.Bytes.ToArray()))];
        OnnxNode[] kept = [.. nodes.Where(node => !Fold(node, places))];
        var used = kept.SelectMany(node => node.Inputs).ToHashSet(StringComparer.Ordinal);

        var result = new WireMessage();
        foreach (var node in kept) result.Add(Node, node.ToArray());
        foreach (var field in graph.Fields)
            if (field.Number != Node && !(field.Number == Initializer && written.Weights.ContainsKey(NameOf(field)))) result.Fields.Add(field);
        using (var data = new FileStream(Path.Combine(folder, DataName), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 20))
            foreach (var (name, weight) in places.Where(place => used.Contains(place.Key)))
                result.Add(Initializer, Append(written.Part, name, weight, data).ToArray());
        string path = Path.Combine(folder, Name);
        File.WriteAllBytes(path, model.Remove(Graph).Add(Graph, result).ToArray());
        return path;
    }

    private static string NameOf(WireField tensor) => WireMessage.Parse(tensor.Bytes.ToArray()).Text(TensorName);

    /// <summary>Whether the node only turns a weight, which is then stored turned.</summary>
    private static bool Fold(OnnxNode node, Dictionary<string, StoredWeight> places)
    {
        if (!node.Is("Transpose") || !places.TryGetValue(node.Inputs[0], out var weight) || node.Integers("perm") is not [1, 0]) return false;
        places[node.Outputs[0]] = weight with { Turned = !weight.Turned };
        return true;
    }

    private static OnnxTensor Append(string part, string name, StoredWeight stored, FileStream data)
    {
        var weight = stored.Weight;
        var sides = weight.Sides;
        using var memory = WeightMemory.Read(part, [weight], threads: 0);
        float[] values = new float[weight.Tensor.Count];
        Marshal.Copy(memory.Places[0].Address, values, 0, values.Length);
        if (stored.Turned)
        {
            float[] turned = new float[values.Length];
            StoredValues.Turn(values, (int)sides[0], (int)sides[1], turned);
            (values, sides) = (turned, [sides[1], sides[0]]);
        }
        data.Position = (data.Position + Alignment - 1) / Alignment * Alignment;
        var tensor = OnnxTensor.InFile(name, OnnxElement.Float, sides, DataName, data.Position, (long)values.Length * sizeof(float));
        data.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        return tensor;
    }

    private readonly record struct StoredWeight(PlacedWeight Weight, bool Turned);
}
