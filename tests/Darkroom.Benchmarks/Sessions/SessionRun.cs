using Darkroom.Benchmarks.Load;

namespace Darkroom.Benchmarks.Sessions;

/// <summary>
/// All variants of one subject, round-robin: in each round every variant is asked for every figure, starting with another variant each time, and a
/// figure is compared with the default's of the same round. Noise on the machine hits all alike.
/// </summary>
internal sealed class SessionRun(SessionSubject subject, int rounds, TimeSpan each)
{
    private static readonly SessionVariant[] Pairs = [.. SessionVariant.All.Where(variant => variant.Name is SessionVariant.DefaultName or "1 thread" or "no spinning" or "1 thread, no spinning")];

    public SessionSubject Subject => subject;

    /// <summary>Milliseconds of a call, by round.</summary>
    public Dictionary<(SessionVariant Variant, int Rows), List<double>> Calls { get; } = [];

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
        var workers = SessionVariant.All.ToDictionary(variant => variant, variant => new WorkerProcess(variant, subject));
        try
        {
            // Untimed: everything is loaded and compiled.
            foreach (var (variant, worker) in workers)
            {
                foreach (int rows in subject.Rows) await worker.AskAsync("time", rows, 2);
                Resident[variant] = await worker.AskAsync("memory");
            }
            int[] ids = [.. workers.Values.Select(worker => worker.Id)];
            var start = ProcessorTime.Now(ids);
            for (int round = 0; round < rounds; round++)
            {
                Console.Error.WriteLine($"{subject.Name}: round {round + 1} of {rounds}");
                foreach (int rows in subject.Rows) await CallsAsync(workers, round, rows);
                for (int i = 0; i < SessionVariant.All.Count; i++)
                {
                    var variant = At(i + round);
                    Add(Loads, variant, await workers[variant].AskAsync("load", subject.Rows[0]));
                    Add(Burns, variant, await workers[variant].AskAsync("burn", subject.Rows[^1]));
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
        // As many calls as fit into the time, by the default's first round.
        double expected = Calls.TryGetValue((SessionVariant.All[0], rows), out var known) ? Middle.Of(known).Median : await workers[SessionVariant.All[0]].AskAsync("time", rows, 3);
        int count = Math.Clamp((int)(each.TotalMilliseconds / expected), 3, 101);
        for (int i = 0; i < SessionVariant.All.Count; i++)
        {
            var variant = At(i + round);
            Add(Calls, (variant, rows), await workers[variant].AskAsync("time", rows, count));
            await Task.Delay(5); // whoever spins comes to rest
        }
        foreach (var variant in Pairs)
        {
            Add(TwoAtOnce, (variant, rows), await workers[variant].AskAsync("pair", rows, Math.Max(2, count / 2)));
            await Task.Delay(5);
        }
    }

    private static SessionVariant At(int index) => SessionVariant.All[index % SessionVariant.All.Count];

    private static void Add<TKey>(Dictionary<TKey, List<double>> figures, TKey key, double value) where TKey : notnull
    {
        if (!figures.TryGetValue(key, out var list)) figures.Add(key, list = []);
        list.Add(value);
    }
}
