using System.Diagnostics;
using System.Globalization;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Memory;
using Darkroom.Storage.Sqlite;

namespace Darkroom.Benchmarks;

/// <summary>What keeping jobs costs: admissions in a second, and the time that a job spends in the store from its admission to its end.</summary>
internal static class StoreCost
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(4);
    private static readonly AddTerms Terms = new() { MaxQueued = int.MaxValue };
    private static readonly JobOwner Owner = new("bench", TimeSpan.FromMinutes(5));

    private static readonly JobCommand Succeed = new JobCommand.Succeed(new JobResult(
        [new GeneratedImage(0, 1, 512, 512, Imaging.PictureFormat.Png, 400_000, new string('a', 64), new string('b', 32))], [],
        new JobTimings(1, 2, 3, 4, 10, 20, 1), new string('c', 64)));

    public static async Task RunAsync()
    {
        Console.WriteLine("store   clients   adds/s   add p50  p99 (ms)   job p50  p99 (ms)   jobs/s");
        foreach (int clients in new[] { 1, 32 })
        {
            await RunAsync("memory", clients, static _ => new MemoryJobStore(TimeProvider.System));
            await RunAsync("sqlite", clients, static folder => SqliteJobStore.Open(folder, TimeProvider.System));
        }
    }

    private static async Task RunAsync(string name, int clients, Func<string, IJobStore> open)
    {
        string folder = Directory.CreateTempSubdirectory("darkroom-bench-").FullName;
        try
        {
            var store = open(Path.Combine(folder, "adds"));
            var adds = await MeasureAsync(clients, id => AddAsync(store, id));
            (store as IDisposable)?.Dispose();
            store = open(Path.Combine(folder, "jobs"));
            var jobs = await MeasureAsync(clients, id => WholeAsync(store, id));
            (store as IDisposable)?.Dispose();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}  {clients,7}  {Rate(adds),7:F0}  {At(adds, 0.5),8:F3} {At(adds, 0.99),7:F3}       {At(jobs, 0.5),8:F3} {At(jobs, 0.99),7:F3}      {
                    Rate(jobs),7:F0}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>Milliseconds of each turn, sorted.</returns>
    private static async Task<double[]> MeasureAsync(int clients, Func<string, Task> turn)
    {
        for (int i = 0; i < 20; i++) await turn($"warm {i}");
        var began = Stopwatch.GetTimestamp();
        var took = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var own = new List<double>();
            for (int i = 0; Stopwatch.GetElapsedTime(began) < Time; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await turn($"{client:D4}.{i:D12}");
                own.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            return own;
        })));
        double[] all = [.. took.SelectMany(static own => own)];
        Array.Sort(all);
        return all;
    }

    private static async Task AddAsync(IJobStore store, string id)
    {
        if (await store.AddAsync(Admit(id), Terms, default) is not AddOutcome.Added) throw new InvalidOperationException("The job was not added.");
    }

    private static async Task WholeAsync(IJobStore store, string id)
    {
        await AddAsync(store, id);
        var job = (await store.ClaimAsync([id], Owner, default))[0];
        if (await store.CommitAsync(id, job.Attempt, Succeed, default) is not CommitOutcome.Committed) throw new InvalidOperationException("No end.");
    }

    private static JobTransition Admit(string id) => Job.Admit(id, new GenerationRequest
    {
        Task = GenerationTask.Txt2img, Model = "model", Prompt = new string('p', 200), Width = 512, Height = 512, Steps = 20, GuidanceScale = 7, Seed = 1,
    }, [], TimeProvider.System.GetUtcNow());

    private static double Rate(double[] turns) => turns.Length / Time.TotalSeconds;

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];
}
