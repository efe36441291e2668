using Darkroom.Models.Checkpoints.Loras.Formulas;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Sessions;

namespace Darkroom.Benchmarks.Loras;

/// <summary>
/// A written U-Net whose attention projections take a LoRA for each row as inputs: y = x · Wᵀ + (x · A) · B. A and B are given as they are multiplied by,
/// which is the cheapest form: [rows, in, rank] and [rows, rank, out].
/// </summary>
internal static class LoraInputs
{
    // Field numbers of ModelProto and GraphProto.
    private const int Graph = 7, Node = 1, Input = 11;

    public static string Down(string weight) => weight + ".A";

    public static string Up(string weight) => weight + ".B";

    /// <param name="written">The U-Net as it is.</param>
    /// <param name="layers">The projections' weights, [out, in].</param>
    public static WrittenGraph Over(WrittenGraph written, IReadOnlyList<(string Weight, IReadOnlyList<long> Shape)> layers)
    {
        var shapes = layers.ToDictionary(layer => layer.Weight, layer => layer.Shape);
        var model = WireMessage.Parse(written.Model.ToArray());
        var graph = WireMessage.Parse(model.Fields.Single(field => field.Number == Graph).Bytes.ToArray());
        var edited = new WireMessage();
        int changed = 0;
        edited.Add(Node, new OnnxNode("Shape", "lora/rows", ["sample"], ["lora.rows"]).Set("end", 1).ToArray());
        foreach (var field in graph.Fields)
        {
            if (field.Number != Node)
            {
                edited.Fields.Add(field);
                continue;
            }
            var node = new OnnxNode(field.Bytes.ToArray());
            if (!node.Is("Gemm") || !shapes.TryGetValue(node.Inputs[1], out var shape))
            {
                edited.Fields.Add(field);
                continue;
            }
            changed++;
            foreach (var one in Beside(node, shape)) edited.Add(Node, one.ToArray());
        }
        if (changed != layers.Count) throw new InvalidDataException($"{changed} of {layers.Count} layers were found");
        foreach (var (weight, shape) in layers)
        {
            Constant($"{weight}.in", -1, shape[1]);
            Constant($"{weight}.out", -1, shape[0]);
            edited.Add(Input, OnnxPort.Of(Down(weight), OnnxElement.Float, "batch_size", shape[1], "rank").ToArray());
            edited.Add(Input, OnnxPort.Of(Up(weight), OnnxElement.Float, "batch_size", "rank", shape[0]).ToArray());
        }
        model.Remove(Graph).Add(Graph, edited);
        return written with { Model = model.ToArray() };

        void Constant(string name, params long[] values) => edited.Add(5, OnnxTensor.Of(name, values).ToArray());
    }

    /// <summary>A layer, and what is added to it.</summary>
    private static IEnumerable<OnnxNode> Beside(OnnxNode gemm, IReadOnlyList<long> shape)
    {
        string weight = gemm.Inputs[1], rows = gemm.Inputs[0], answer = gemm.Outputs[0];
        gemm.Outputs[0] = $"{weight}.plain";
        yield return gemm;
        yield return new OnnxNode("Concat", $"{weight}/sides", ["lora.rows", $"{weight}.in"], [$"{weight}.sides"]).Set("axis", 0); // B, −1, in
        yield return new OnnxNode("Reshape", $"{weight}/rows", [rows, $"{weight}.sides"], [$"{weight}.x"]); // [B, S, in]
        yield return new OnnxNode("MatMul", $"{weight}/down", [$"{weight}.x", Down(weight)], [$"{weight}.low"]); // [B, S, r]
        yield return new OnnxNode("MatMul", $"{weight}/up", [$"{weight}.low", Up(weight)], [$"{weight}.high"]); // [B, S, out]
        yield return new OnnxNode("Reshape", $"{weight}/flat", [$"{weight}.high", $"{weight}.out"], [$"{weight}.delta"]); // [B · S, out]
        yield return new OnnxNode("Add", $"{weight}/sum", [$"{weight}.plain", $"{weight}.delta"], [answer]);
    }

    /// <summary>Random factors for each row, by the graph's inputs.</summary>
    public static IReadOnlyList<Dictionary<string, float[]>> Random(IReadOnlyList<(string Weight, IReadOnlyList<long> Shape)> layers, int rows, int rank) =>
    [
        .. Enumerable.Range(0, rows).Select(row =>
        {
            var random = new Random(row);
            return layers.SelectMany(layer => ((string, float[])[])
            [
                (Down(layer.Weight), Values(random, layer.Shape[1] * rank, 1f / rank)), (Up(layer.Weight), Values(random, layer.Shape[0] * rank, 0.05f)),
            ]).ToDictionary(one => one.Item1, one => one.Item2);
        }),
    ];

    private static float[] Values(Random random, long count, float scale)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = scale * (2 * random.NextSingle() - 1);
        return values;
    }

    /// <summary>The weights with one row's factors merged in.</summary>
    public sealed class Merged(IWeights weights, Dictionary<string, float[]> factors, int rank) : IWeights
    {
        public StoredTensor? Find(string name) => weights.Find(name) is not { } tensor ? null
            : factors.TryGetValue(Down(name), out var down) ? tensor.With([new Change(down, factors[Up(name)], rank)]) : tensor;
    }

    /// <summary>W[o, i] += Σₖ B[k, o] · A[i, k].</summary>
    private sealed class Change : IWeightChange
    {
        private readonly float[] left, right;
        private readonly int rank;

        public Change(float[] down, float[] up, int rank)
        {
            this.rank = rank;
            (left, right) = (new float[up.Length], new float[down.Length]);
            StoredValues.Turn(up, rank, up.Length / rank, left); // [out, r]
            StoredValues.Turn(down, down.Length / rank, rank, right); // [r, in]
        }

        public void Apply(Span<float> rows, int first, int columns) =>
            MatrixProduct.Add(rows, left.AsSpan(first * rank, rows.Length / columns * rank), right, rank);
    }
}
