using System.Diagnostics;
using System.Diagnostics.Metrics;
using Darkroom.Engine;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Families;
using Darkroom.Models.Loras;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.Storage.Memory;
using Darkroom.Storage.Sqlite;
using Darkroom.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Darkroom.Benchmarks;

/// <summary>
/// The engine in this process, with the time inside ONNX Runtime counted by its own meter: the rest is our overhead. What a step costs is the difference
/// between long and short jobs, so that admission, texts, decoding and PNG files cancel out.
/// </summary>
internal static class EngineShare
{
    private const int Short = 20, Long = 120, Pairs = 7;

    public static async Task RunAsync(bool types)
    {
        await RunAsync("1 picture", 1, SchedulingTarget.Balanced, types);
        await RunAsync("8 pictures, calls as the scheduler cuts them", 8, SchedulingTarget.Balanced, types);
        await RunAsync("8 pictures in one call", 8, SchedulingTarget.Throughput, types);
    }

    /// <summary>The same with the jobs on disk beside the jobs in memory: engines of both take turns.</summary>
    public static async Task CompareStoresAsync()
    {
        string folder = Directory.CreateTempSubdirectory("darkroom-bench-").FullName;
        try
        {
            using var onDisk = SqliteJobStore.Open(folder, TimeProvider.System);
            await CompareAsync("1 picture", 1, ("memory", Build()), ("sqlite", Build(store: onDisk)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(string name, int count, SchedulingTarget target, bool types)
    {
        using var host = Build(target);
        await host.StartAsync();
        var queue = host.Services.GetRequiredService<IGenerationQueue>();
        using var inside = new RuntimeTime();
        for (int i = 0; i < 6; i++) await OneAsync(queue, count, i, Long); // what calls cost is learned on the way
        var figures = new StepFigures();
        for (int pair = 0; pair < Pairs; pair++) await PairAsync(queue, inside, count, pair, figures);
        figures.Print(name);
        if (types) await TypesAsync(queue, count);
        await host.StopAsync();
    }

    private static async Task CompareAsync(string name, int count, params (string Store, IHost Host)[] hosts)
    {
        using var inside = new RuntimeTime();
        var figures = hosts.ToDictionary(one => one.Store, _ => new StepFigures());
        foreach (var (_, host) in hosts)
        {
            await host.StartAsync();
            for (int i = 0; i < 6; i++) await OneAsync(host.Services.GetRequiredService<IGenerationQueue>(), count, i, Long);
        }
        for (int pair = 0; pair < 3 * Pairs; pair++)
            foreach (var (store, host) in pair % 2 == 0 ? hosts : Enumerable.Reverse(hosts))
                await PairAsync(host.Services.GetRequiredService<IGenerationQueue>(), inside, count, pair, figures[store]);
        foreach (var (store, host) in hosts)
        {
            figures[store].Print($"{name}, jobs in {store}");
            await host.StopAsync();
            host.Dispose();
        }
    }

    private static async Task PairAsync(IGenerationQueue queue, RuntimeTime inside, int count, int pair, StepFigures figures)
    {
        var few = await MeasureAsync(queue, inside, count, pair, Short);
        var many = await MeasureAsync(queue, inside, count, pair, Long);
        // A device whose calls run side by side has as many threads at work.
        double wall = many.Wall - few.Wall, taken = wall * many.Threads;
        figures.Shares.Add(100 * (taken - (many.Inside - few.Inside)) / taken);
        figures.Steps.Add(1000 * wall / (Long - Short));
        figures.Jobs.Add(1000 * few.Wall);
        figures.Bytes.Add((double)(many.Bytes - few.Bytes) / (Long - Short) / count);
    }

    /// <summary>What is allocated, by type: one in about a hundred kilobytes is seen.</summary>
    private static async Task TypesAsync(IGenerationQueue queue, int count)
    {
        using var seen = new AllocatedTypes();
        for (int i = 0; i < 4; i++) await OneAsync(queue, count, i, steps: 1000);
        foreach (var (type, share) in seen.Shares().Take(15)) Console.WriteLine($"  {100 * share,5:F1} % {type}");
    }

    private static async Task<Measured> MeasureAsync(IGenerationQueue queue, RuntimeTime inside, int count, int seed, int steps)
    {
        inside.Reset();
        long before = GC.GetTotalAllocatedBytes(precise: true), started = Stopwatch.GetTimestamp();
        await OneAsync(queue, count, seed, steps);
        double wall = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new Measured(wall, inside.Seconds, inside.Threads, GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    private static async Task OneAsync(IGenerationQueue queue, int count, int seed, int steps)
    {
        var admitted = (Admission.Accepted)await queue.SubmitAsync(new GenerationRequest
        {
            PromptStyle = PromptStyle.Plain,
            Task = GenerationTask.Txt2img, Model = "starter", Prompt = "red apple, 3d render", Width = 64, Height = 64, Steps = steps, GuidanceScale = 2.5,
            Seed = seed, Count = count,
        }, [], CancellationToken.None);
        using var pictures = admitted.Pictures;
        var job = await queue.WaitAsync(admitted.Job.Id, CancellationToken.None);
        if (job.State != JobState.Succeeded) throw new InvalidOperationException($"{job.Failure}");
    }

    public static IHost Build(SchedulingTarget target = SchedulingTarget.Balanced, IJobStore? store = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<GraphTelemetry>();
        builder.Services.AddSingleton(provider => new ModelPool(
            new ModelCatalog(Path.Combine(Repository.Root, "models")), new ModelHash(), ModelFamilies.Create(64 << 20),
            new SessionSettings { Telemetry = provider.GetRequiredService<GraphTelemetry>() }, null));
        builder.Services.AddSingleton(store ?? new MemoryJobStore(TimeProvider.System));
        builder.Services.AddSingleton<IArtifactStore>(provider => new MemoryArtifactStore(provider.GetRequiredService<IIdSource>(), 64 << 20));
        builder.Services.AddSingleton(new InputMemory(64 << 20));
        builder.Services.AddSingleton<IInputStore>(
            provider => new MemoryInputStore(provider.GetRequiredService<IIdSource>(), provider.GetRequiredService<InputMemory>()));
        string models = Path.Combine(Repository.Root, "models");
        builder.Services.AddSingleton(new LoraCatalog(models, new ModelHash()));
        builder.Services.AddSingleton(new EmbeddingCatalog(models));
        builder.Services.AddSingleton(new ControlNetCatalog(models));
        builder.Services.AddSingleton<IControlNetDirectory>(provider => provider.GetRequiredService<ControlNetCatalog>());
        builder.Services.AddSingleton(new AutoencoderCatalog(models, new ModelHash()));
        builder.Services.AddSingleton(new UpscalerPool(new UpscalerCatalog(Path.Combine(Repository.Root, "models")), new ModelHash(), new SessionSettings()));
        builder.Services.AddEngine(new EngineOptions { Target = target });
        return builder.Build();
    }

    /// <summary>What pairs of jobs gave.</summary>
    private sealed class StepFigures
    {
        public List<double> Shares { get; } = [];
        public List<double> Steps { get; } = [];
        public List<double> Jobs { get; } = []; // short ones, milliseconds
        public List<double> Bytes { get; } = [];

        public void Print(string name)
        {
            double[] shares = [.. Shares.Order()];
            Console.WriteLine(
                $"engine, {name}: a guided step takes {Median(Steps):F2} ms, outside ONNX Runtime {Median(Shares):F2} % (middle half " +
                $"{shares[shares.Length / 4]:F2} to {shares[3 * shares.Length / 4]:F2}), {Bytes.Average():F0} bytes allocated a row and step; a job of " +
                $"{Short} steps takes {Median(Jobs):F1} ms");
        }

        private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }

    private readonly record struct Measured(double Wall, double Inside, int Threads, long Bytes);

    /// <summary>Seconds inside ONNX Runtime, by thread.</summary>
    private sealed class RuntimeTime : IDisposable
    {
        private readonly Lock gate = new();
        private readonly Dictionary<int, double> seconds = [];
        private readonly MeterListener listener = new();

        public RuntimeTime()
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == GraphTelemetry.MeterName) self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>((_, took, _, _) =>
            {
                lock (gate) seconds[Environment.CurrentManagedThreadId] = seconds.GetValueOrDefault(Environment.CurrentManagedThreadId) + took;
            });
            listener.Start();
        }

        public double Seconds
        {
            get
            {
                lock (gate) return seconds.Values.Sum();
            }
        }

        /// <summary>Threads that did a noticeable part of it.</summary>
        public int Threads
        {
            get
            {
                lock (gate) return seconds.Values.Count(one => one > 0.1 * seconds.Values.Sum());
            }
        }

        public void Reset()
        {
            lock (gate) seconds.Clear();
        }

        public void Dispose() => listener.Dispose();
    }
}
