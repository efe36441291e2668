namespace Darkroom.Engine.Scheduling.Costs;

/// <summary>What is assumed of a kind of device before anything was measured on it.</summary>
/// <param name="WorkPerSecond">Multiplications and additions in a second, sustained.</param>
/// <param name="FixedShare">Part of a call's time that does not grow with the number of evaluations: 0…1.</param>
/// <param name="NarrowGain">What running one narrow call on each thread is assumed to gain in throughput over wide ones.</param>
/// <param name="Threads">Narrow calls side by side.</param>
internal sealed record DeviceTraits(double WorkPerSecond, double FixedShare, double NarrowGain, int Threads)
{
    /// <summary>A CPU with so many threads: 89 % of a core's 65 GFLOP/s was measured at Stable Diffusion's size; calls cost what their rows cost.</summary>
    public static DeviceTraits Cpu(int threads) => new(50e9 * threads, 0.03, 1.2, threads);

    /// <summary>A GPU, assumed to be one where a small batch is nearly free: a try tells.</summary>
    public static DeviceTraits Gpu { get; } = new(60e12, 0.7, 1, 1);
}
