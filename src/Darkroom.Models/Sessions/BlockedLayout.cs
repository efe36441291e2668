using System.Runtime.InteropServices;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Blocked;
using Darkroom.Models.Graphs.Writing;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>
/// How many channels a block of ONNX Runtime's own layout of pictures has on this machine: 16 with AVX-512, else 8. It is asked by trying, since the runtime
/// says it nowhere, and promises neither the layout nor its operators.
/// </summary>
internal static class BlockedLayout
{
    private const int Channels = 32, Side = 5, Kernel = 9; // two blocks at least, so that another size of them gives other numbers

    /// <summary>The two sums are in other orders.</summary>
    private const float Tolerance = 1e-4f;

    private static readonly Lazy<int> Found = new(static () =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? Array.Find([16, 8], Computes) : 0);

    /// <summary>Channels in a block; 0: there are no such operators here, and convolutions stay as ONNX has them.</summary>
    public static int Block => Found.Value;

    /// <summary>Whether a small network with all that <see cref="BlockedGraph"/> writes gives what it gives without.</summary>
    internal static bool Computes(int block)
    {
        try
        {
            var plain = Network();
            float[] expected = Run(plain), given = Run(BlockedGraph.Of(plain, block));
            return expected.Zip(given).All(static pair => Math.Abs(pair.First - pair.Second) <= Tolerance);
        }
        catch (OnnxRuntimeException)
        {
            return false; // another version has other operators
        }
    }

    /// <summary>Twice as large, a convolution, and another beside it.</summary>
    private static WrittenGraph Network()
    {
        var graph = new GraphWriter(GraphTarget.Cpu);
        var input = graph.FloatInput("x", Channels, 1, Channels, Side, Side);
        var larger = graph.Add("Resize", Channels, [input, null, graph.Numbers([4], [1, 1, 2, 2], single: true)],
            static node => node.Set("mode", "nearest").Set("coordinate_transformation_mode", "asymmetric").Set("nearest_mode", "floor"));
        var one = Convolution(larger, "one");
        graph.FloatOutput("y", Convolution(one, "two") + one, 1, Channels, 2 * Side, 2 * Side);
        return graph.Write("blocks");

        GraphValue Convolution(GraphValue picture, string name) => graph.Add("Conv", Channels,
            [picture, graph.Weight(name, new StoredTensor("", name, StoredType.F32, [Channels, Channels, 3, 3], name.Length))],
            static node => node.Set("kernel_shape", [3, 3]).Set("strides", [1, 1]).Set("pads", [1, 1, 1, 1]));
    }

    private static float[] Run(WrittenGraph graph)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
        };
        float[][] weights = [.. graph.Weights.Values.Select(Values)];
        var pins = Array.ConvertAll(weights, static values => GCHandle.Alloc(values, GCHandleType.Pinned));
        try
        {
            RuntimeInterop.AddWeights(options, [.. graph.Weights.Values.Zip(pins, static (weight, pin) =>
                new WeightPlace(weight.Place, pin.AddrOfPinnedObject(), weight.Bytes))]);
            using var session = new InferenceSession(graph.Model.ToArray(), options);
            using var input = OrtValue.CreateTensorValueFromMemory(Made(Channels * Side * Side, 1), [1, Channels, Side, Side]);
            using var run = new RunOptions();
            using var outputs = session.Run(run, ["x"], [input], ["y"]);
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }
        finally
        {
            Array.ForEach(pins, static pin => pin.Free());
        }
    }

    private static float[] Values(PlacedWeight weight)
    {
        float[] stored = Made(Channels * Channels * Kernel, weight.Tensor.Name.Length);
        if (weight.Block == 0) return stored;
        float[] ordered = new float[stored.Length];
        int some = weight.Block * Channels * Kernel; // the weights of a block of outputs
        for (int first = 0; first < stored.Length; first += some)
            BlockedFilter.Write(stored.AsSpan(first, some), Channels, weight.Block, ordered.AsSpan(first, some));
        return ordered;
    }

    /// <summary>Numbers that do not repeat with blocks.</summary>
    private static float[] Made(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(seed + i * 0.7f) / 8)];
}
