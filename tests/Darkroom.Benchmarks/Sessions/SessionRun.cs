using Darkroom.Benchmarks.Load;

namespace Darkroom.Benchmarks.Sessions;

/// <summary>
/// Variants of one subject, round-robin: in each round every variant is asked for every figure, starting with another variant each time, and a figure
/// is compared with the default's of the same round. Noise on the machine hits all alike.
/// </summary>
internal sealed class SessionRun(SessionSubject subject, SessionVariants variants, int rounds, TimeSpan each)
{
    /// <summary>Those that are also called from two threads at once.</summary>
    public static IReadOnlyList<string> Pairs { get; } = ["server's", "no spinning", "not pinned, no spinning", "1 thread"];

    public SessionSubject Subject => subject;

    public SessionVariants Variants => variants;

    /// <summary>Milliseconds of a call, and of the processor, by round.</summary>
    public Dictionary<(SessionVariant Variant, int Rows), List<(double Wall, double Processor)>> Calls { get; } = [];

    /// <summary>Milliseconds of two calls at once into one session, by round.</summary>
    public Dictionary<(SessionVariant Variant, int Rows), List<double>> TwoAtOnce { get; } = [];

    public Dictionary<SessionVariant, List<double>> Loads { get; } = [];

    public Dictionary<SessionVariant, List<double>> Burns { get; } = [];

    /// <summary>MiB resident, every number of rows having been run.</summary>
    public Dictionary<SessionVariant, double> Resident { get; } = [];

    /// <summary>Cores that others used meanwhile.</summary>
    public double Others { get; private set; }

    public async Task RunAsync()
    {
        var workers = variants.All.ToDictionary(variant => variant, variant => new WorkerProcess(variants, variant, subject));
        try
        {
            // Untimed: everything is loaded and compiled.
            foreach (var (variant, worker) in workers)
            {
                foreach (int rows in subject.Rows) await worker.AskAsync("time", rows, 2);
                Resident[variant] = (await worker.AskAsync("memory"))[0];
            }
            int[] ids = [.. workers.Values.Select(worker => worker.Id)];
            var start = ProcessorTime.Now(ids);
            for (int round = 0; round < rounds; round++)
            {
                Console.Error.WriteLine($"{subject.Name}, {variants.Name}: round {round + 1} of {rounds}");
                foreach (int rows in subject.Rows) await CallsAsync(workers, round, rows);
                foreach (var variant in From(round))
                {
                    Add(Loads, variant, (await workers[variant].AskAsync("load", subject.Rows[0]))[0]);
                    Add(Burns, variant, (await workers[variant].AskAsync("burn", subject.Rows[^1]))[0]);
                }
            }
            Others = ProcessorTime.Now(ids).Since(start).Others;
        }
        finally
        {
            foreach (var worker in workers.Values) await worker.DisposeAsync();
        }
    }

    private async Task CallsAsync(Dictionary<SessionVariant, WorkerProcess> workers, int round, int rows)
    {
        // As many calls as fit into the time, by the default's last round.
        double expected = Calls.TryGetValue((variants.Default, rows), out var known) ? known[^1].Wall
            : (await workers[variants.Default].AskAsync("time", rows, 3))[0];
        int count = Math.Clamp((int)(each.TotalMilliseconds / expected), 3, 101);
        foreach (var variant in From(round))
        {
            double[] figures = await workers[variant].AskAsync("time", rows, count);
            Add(Calls, (variant, rows), (figures[0], figures[1]));
            await Task.Delay(20); // threads that spin come to rest
        }
        foreach (var variant in From(round).Where(variant => Pairs.Contains(variant.Name)))
        {
            Add(TwoAtOnce, (variant, rows), (await workers[variant].AskAsync("pair", rows, Math.Max(2, count / 2)))[0]);
            await Task.Delay(20);
        }
    }

    private IEnumerable<SessionVariant> From(int start) =>
        Enumerable.Range(start, variants.All.Count).Select(index => variants.All[index % variants.All.Count]);

    private static void Add<TKey, TValue>(Dictionary<TKey, List<TValue>> figures, TKey key, TValue value) where TKey : notnull
    {
        if (!figures.TryGetValue(key, out var list)) figures.Add(key, list = []);
        list.Add(value);
    }
}
