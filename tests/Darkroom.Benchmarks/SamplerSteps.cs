using System.Diagnostics;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;

namespace Darkroom.Benchmarks;

/// <summary>What one step of eight rows of 4×64×64 costs outside the network, for every sampler: time and managed bytes for a call of a row.</summary>
internal static class SamplerSteps
{
    private const int Rows = 8, Length = 4 * 64 * 64, Steps = 20;

    public static void Run()
    {
        Console.WriteLine($"{"sampler",-20} {"us per call of 8 rows",22} {"bytes per row and call",24}");
        foreach (var info in SamplerCatalog.All)
        {
            var sampler = SamplerFactory.Create(new SamplerChoice
            {
                ModelClass = "PNDMScheduler",
                ModelConfig = new SamplerConfig
                    { BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012, StepsOffset = 1, ClipSample = false, SetAlphaToOne = false,
                    SkipPrkSteps = true },
                Sampler = info.Name,
                Steps = Steps,
            });
            for (int i = 0; i < 20; i++) Measure(sampler, out _, out _); // tiered compilation settles
            Measure(sampler, out double microseconds, out double bytes);
            Console.WriteLine($"{info.Name,-20} {microseconds,22:F1} {bytes,24:F0}");
        }
    }

    private static void Measure(ISampler sampler, out double microseconds, out double bytes)
    {
        var (min, max) = sampler.BrownianRange;
        var rows = Enumerable.Range(0, Rows).Select(seed => new
        {
            Noise = new RowNoise(new TorchCpuGenerator((ulong)seed), max > 0 ? new BrownianPath((ulong)seed, min, max) : null),
            State = new SamplerState(sampler, Length),
            Latents = new float[Length],
        }).ToArray();
        var output = new float[Length];
        new TorchCpuGenerator(1).Normal(output);
        foreach (var row in rows)
        {
            row.Noise.Normal(row.Latents);
            sampler.Start(row.State, row.Latents, row.Noise);
        }
        int calls = 0;
        long allocated = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
        for (bool more = true; more; calls++)
            foreach (var row in rows)
            {
                more = sampler.Next(row.State, out _);
                if (more) sampler.Advance(row.State, output, row.Latents, row.Noise);
            }
        microseconds = Stopwatch.GetElapsedTime(started).TotalMicroseconds / (calls - 1);
        bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / (calls - 1) / Rows;
    }
}
