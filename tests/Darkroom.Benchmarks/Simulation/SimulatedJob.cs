using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;

namespace Darkroom.Benchmarks.Simulation;

/// <summary>A request of the traffic, and what became of it.</summary>
internal sealed class SimulatedJob
{
    public int Number { get; init; }

    public string Caller { get; init; } = "one";

    public JobPriority Priority { get; init; } = JobPriority.Normal;

    /// <summary>Pixels of a side.</summary>
    public int Side { get; init; } = 512;

    public int Steps { get; init; } = 20;

    /// <summary>Evaluations of a step: 2 with guidance.</summary>
    public int Lanes { get; init; } = 2;

    /// <summary>Pictures.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Seconds of the virtual clock.</summary>
    public double Arrival { get; set; }

    /// <summary>When its first step began.</summary>
    public double FirstStep { get; set; } = double.NaN;

    /// <summary>When its last picture was decoded; not a number where it was cancelled or failed.</summary>
    public double End { get; set; } = double.NaN;

    public double Latency => End - Arrival;

    /// <summary>What one step of one picture is charged with.</summary>
    public double MegapixelSteps => Side * Side / 1e6;

    public CostKey Text => new("sim", EncodeText.Networks[0], default);

    public CostKey Denoiser => new("sim", Denoise.Network, new LatentShape(4, Side / 8, Side / 8));

    public CostKey Decoder => new("sim", Decode.Network, new LatentShape(4, Side / 8, Side / 8));

    /// <summary>Seconds that it takes with the device to itself, one picture after the other, guidance in one call.</summary>
    public double Alone(Func<CostKey, int, double> secondsOf) =>
        Count * (secondsOf(Text, Lanes) + Steps * secondsOf(Denoiser, Lanes) + secondsOf(Decoder, 1));

    /// <summary>Seconds of the device that it takes where every call is as large and as wide as is best for the throughput.</summary>
    public double AtBest(TrueCosts costs, int maxBatch) =>
        Count * (Least(costs, Text, Lanes, maxBatch) + Steps * Least(costs, Denoiser, Lanes, maxBatch) + Least(costs, Decoder, 1, maxBatch));

    private static double Least(TrueCosts costs, CostKey call, int lanes, int maxBatch)
    {
        double least = double.PositiveInfinity;
        for (int rows = 1; rows <= maxBatch; rows++)
        {
            least = Math.Min(least, costs.SecondsOf(call, rows * lanes, CallWidth.Wide) / rows);
            if (costs.Threads > 1) least = Math.Min(least, costs.SecondsOf(call, rows * lanes, CallWidth.Narrow) / rows / costs.Threads);
        }
        return least;
    }
}
