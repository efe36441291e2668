using System.Globalization;
using Darkroom.Benchmarks.Load;

namespace Darkroom.Benchmarks.Real;

/// <summary>
/// Contestants of one subject in rounds. In each round every contestant is started again, alone while it loads; then each is asked for every figure in
/// turn, beginning with another one each time. Where not all fit into memory together, a round is one contestant after another.
/// </summary>
internal sealed class RealRun(RealSubject subject, RealFiles files, IReadOnlyList<Contestant> contestants, RealOptions options)
{
    private readonly List<double> others = [];

    public RealSubject Subject => subject;

    public IReadOnlyList<Contestant> Contestants => contestants;

    public RealOptions Options => options;

    /// <summary>By round.</summary>
    public Dictionary<(Contestant Contestant, RealFigure Figure), List<double>> Figures { get; } = [];

    /// <summary>Furthest difference of a guided step's answer from plain ONNX Runtime's, of its greatest value.</summary>
    public Dictionary<Contestant, double> Furthest { get; } = [];

    /// <summary>Whether all contestants were in memory at once.</summary>
    public bool Together { get; private set; }

    /// <summary>Cores that others used while something was measured, by measurement.</summary>
    public IReadOnlyList<double> Others => others;

    public async Task RunAsync()
    {
        Together = !options.Apart && MachineMemory.Fits(files, contestants, subject.Side);
        var answers = new Dictionary<Contestant, double[]>();
        for (int round = 0; round < options.Rounds; round++)
        {
            Console.Error.WriteLine($"{subject.Name}: round {round + 1} of {options.Rounds}");
            IReadOnlyList<Contestant>[] groups = Together ? [From(round)] : [.. From(round).Select(one => (IReadOnlyList<Contestant>)[one])];
            foreach (var group in groups) await RunAsync(group, answers);
        }
        foreach (var (contestant, answer) in answers) Furthest[contestant] = Difference(answer, answers[Contestant.Plain]);
    }

    private async Task RunAsync(IReadOnlyList<Contestant> group, Dictionary<Contestant, double[]> answers)
    {
        var workers = new List<(Contestant Contestant, RealProcess Process)>();
        try
        {
            foreach (var contestant in group)
            {
                MachineMemory.Warm(files.FilesOf(contestant));
                var worker = await RealProcess.OpenAsync(contestant, files, subject.Side, options.Threads);
                workers.Add((contestant, worker));
                Add(contestant, RealFigure.Load, worker.LoadSeconds);
                Add(contestant, RealFigure.Loaded, (await worker.AskAsync("memory"))[1]);
            }
            await AskAsync(workers, RealFigure.Step, "step");
            foreach (var (contestant, worker) in workers)
            {
                Add(contestant, RealFigure.StepPeak, (await worker.AskAsync("memory"))[2]);
                await worker.AskAsync("reset");
            }
            await AskAsync(workers, RealFigure.Decode, "decode");
            foreach (var (contestant, worker) in workers) Add(contestant, RealFigure.DecodePeak, (await worker.AskAsync("memory"))[2]);
            await AskAsync(workers, RealFigure.Text, "text");
            foreach (var (contestant, worker) in workers)
            {
                Add(contestant, RealFigure.Resting, (await worker.AskAsync("memory"))[1]);
                if (!answers.ContainsKey(contestant)) answers[contestant] = await worker.AskAsync("answer");
            }
        }
        finally
        {
            foreach (var (_, worker) in workers) await worker.DisposeAsync();
        }
    }

    private async Task AskAsync(List<(Contestant Contestant, RealProcess Process)> workers, RealFigure figure, string word)
    {
        int[] ids = [.. workers.Select(worker => worker.Process.Id)];
        foreach (var (contestant, worker) in workers)
        {
            var start = ProcessorTime.Now(ids);
            Add(contestant, figure, (await worker.AskAsync(word, options.Calls))[0]);
            others.Add(ProcessorTime.Now(ids).Since(start).Others);
        }
    }

    /// <summary>All, beginning with another one each time.</summary>
    private IReadOnlyList<Contestant> From(int round) =>
        [.. Enumerable.Range(round, contestants.Count).Select(index => contestants[index % contestants.Count])];

    private void Add(Contestant contestant, RealFigure figure, double value)
    {
        if (!Figures.TryGetValue((contestant, figure), out var list)) Figures.Add((contestant, figure), list = []);
        list.Add(value);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {contestant.Name}: {figure} {value:G4}"));
    }

    private static double Difference(double[] values, double[] reference)
    {
        double largest = reference.Max(Math.Abs);
        return values.Zip(reference, (value, other) => Math.Abs(value - other)).Max() / largest;
    }
}
