using System.Diagnostics;
using System.Diagnostics.Metrics;
using Darkroom.Engine;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families.StableDiffusion;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.Storage.Memory;
using Darkroom.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Darkroom.Benchmarks;

/// <summary>The engine in this process, with the time inside ONNX Runtime counted by its own meter: the rest is our overhead.</summary>
internal static class EngineShare
{
    public static async Task RunAsync()
    {
        using var host = Build();
        await host.StartAsync();
        var queue = host.Services.GetRequiredService<IGenerationQueue>();

        double inside = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == GraphTelemetry.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => inside += seconds);
        listener.Start();

        foreach (int count in new[] { 1, 8 })
        {
            for (int i = 0; i < 3; i++) await OneAsync(queue, count, i);
            var shares = new List<double>();
            var totals = new List<double>();
            for (int i = 0; i < 20; i++)
            {
                inside = 0;
                long started = Stopwatch.GetTimestamp();
                await OneAsync(queue, count, 10 + i);
                double total = Stopwatch.GetElapsedTime(started).TotalSeconds;
                totals.Add(total * 1000);
                shares.Add(100 * (total - inside) / total);
            }
            shares.Sort();
            totals.Sort();
            Console.WriteLine($"engine, {count} picture(s) of 20 guided steps: median {totals[10]:F1} ms, outside ONNX Runtime {shares[10]:F2} % ({shares[0]:F2} to {shares[^1]:F2})");
            double few = await AllocatedAsync(queue, count, steps: 20), many = await AllocatedAsync(queue, count, steps: 60);
            Console.WriteLine($"engine, {count} picture(s): {few / count / 1024:F0} KiB allocated a picture of 20 steps, {(many - few) / 40 / count:F0} bytes a row and further step");
        }
        await host.StopAsync();
    }

    private static async Task<double> AllocatedAsync(IGenerationQueue queue, int count, int steps)
    {
        const int Runs = 10;
        await OneAsync(queue, count, 1, steps);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Runs; i++) await OneAsync(queue, count, i, steps);
        return (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Runs;
    }

    private static async Task OneAsync(IGenerationQueue queue, int count, int seed, int steps = 20)
    {
        var admitted = (Admission.Accepted)await queue.SubmitAsync(new GenerationRequest
        {
            Task = GenerationTask.Txt2img, Model = "starter", Prompt = "red apple, 3d render", Width = 64, Height = 64, Steps = steps, GuidanceScale = 2.5, Seed = seed, Count = count,
        }, [], CancellationToken.None);
        var job = await queue.WaitAsync(admitted.Job.Id, CancellationToken.None);
        if (job.State != JobState.Succeeded) throw new InvalidOperationException($"{job.Failure}");
    }

    public static IHost Build()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ => new ModelPool(
            new ModelCatalog(Path.Combine(Repository.Root, "models")), new ModelHash(), [new StableDiffusionFamily(64 << 20)], new SessionSettings(), null));
        builder.Services.AddSingleton<IJobStore>(new MemoryJobStore(1000));
        builder.Services.AddSingleton<IArtifactStore>(provider => new MemoryArtifactStore(provider.GetRequiredService<IIdSource>(), 64 << 20));
        builder.Services.AddSingleton<IInputStore>(provider => new MemoryInputStore(provider.GetRequiredService<IIdSource>(), 64 << 20));
        builder.Services.AddSingleton(new UpscalerPool(new UpscalerCatalog(Path.Combine(Repository.Root, "models")), new ModelHash(), new SessionSettings()));
        builder.Services.AddEngine(new EngineOptions());
        return builder.Build();
    }
}
