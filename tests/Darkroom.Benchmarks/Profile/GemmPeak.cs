using System.Diagnostics;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Benchmarks.Profile;

/// <summary>What ONNX Runtime's own float32 matrix product reaches on this machine: two matrices that fit no cache, and nothing else.</summary>
internal sealed class GemmPeak : IDisposable
{
    private const int Side = 2048;

    private readonly InferenceSession session;
    private readonly RunOptions run = new();
    private readonly OrtValue input, weight;

    /// <param name="threads">As of the sessions that are compared with it; 0: one for each core.</param>
    public GemmPeak(int threads)
    {
        var graph = new GraphWriter(new GraphTarget(18, OnnxElement.Float, PlainAttention: true));
        GraphValue left = graph.FloatInput("left", Side, Side, Side), right = graph.FloatInput("right", Side, Side, Side);
        graph.FloatOutput("product", graph.Add("Gemm", Side, [left, right], static node => node.Set("transB", 1)), Side, Side);
        using var options = new SessionSettings { Threads = threads }.Create();
        session = new InferenceSession(graph.Write("gemm").Model.ToArray(), options);
        float[] values = new float[Side * Side];
        Array.Fill(values, 0.5f);
        input = OrtValue.CreateTensorValueFromMemory(values, [Side, Side]);
        weight = OrtValue.CreateTensorValueFromMemory((float[])values.Clone(), [Side, Side]);
    }

    /// <summary>GFLOP/s of the best of some calls.</summary>
    public double Best(int calls)
    {
        double best = 0;
        for (int i = 0; i <= calls; i++)
        {
            long began = Stopwatch.GetTimestamp();
            session.Run(run, ["left", "right"], [input, weight], ["product"]).Dispose();
            double rate = 2e-9 * Side * Side * Side / Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (i > 0) best = Math.Max(best, rate); // the first is for what is made once
        }
        return best;
    }

    public void Dispose()
    {
        session.Dispose();
        run.Dispose();
        input.Dispose();
        weight.Dispose();
    }
}
