using Darkroom.TestKit.Chaos;

namespace Darkroom.TestKit.Faults;

/// <summary>Many small jobs: the memory that the process has must not grow with them.</summary>
public sealed class SoakScenario : IFaultScenario
{
    private const int Callers = 4;

    /// <summary>Of the long form; a short one is all warm-up, and is not judged.</summary>
    private const double MaxKiBPerJob = 1;

    public string Name => "soak";

    public string Does => "10,000 jobs (short: 300) of 1 or 2 steps, four at a time, answered by address; resident memory over the last three quarters";

    public async Task RunAsync(FaultScale scale, FaultNotes notes)
    {
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(notes);
        int jobs = scale.Count(300, 10_000), next = 0, every = Math.Max(1, jobs / 200);
        await using var server = await StartedServer.StartAsync();
        var readings = new List<(double Jobs, ProcessReading Reading)>();
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) <= jobs;)
            {
                var (status, body) = await server.Client.PostAsync(Orders.Small(i, steps: 1 + i % 2), waits: true);
                notes.Check(status == System.Net.HttpStatusCode.OK, $"Job {i} was answered {(int)status}: {body}");
                if (i % every != 0) continue;
                var reading = ProcessMeter.Read(server.Id, System.Diagnostics.Stopwatch.GetElapsedTime(began));
                lock (readings) readings.Add((i, reading));
            }
        }));
        var warm = readings.Where(one => one.Jobs > jobs / 4.0).ToList();
        double slope = Slope(warm, one => one.ResidentMiB) * 1024, own = Slope(warm, one => one.AnonymousMiB) * 1024;
        notes.Figure($"{jobs} jobs in {System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalMinutes:F1} minutes");
        var (first, last) = (warm[0].Reading, warm[^1].Reading);
        notes.Figure($"resident memory after a quarter {first.ResidentMiB:F0} MiB, at the end {last.ResidentMiB:F0} MiB");
        notes.Figure($"{slope:F2} KiB a job, what no file backs {own:F2} KiB a job");
        notes.Figure($"threads {first.Threads} and {last.Threads}, descriptors {first.Descriptors} and {last.Descriptors}");
        if (scale.IsLong) notes.Check(slope < MaxKiBPerJob, $"Resident memory grows by {slope:F2} KiB a job.");
    }

    /// <summary>Least squares: MiB a job.</summary>
    private static double Slope(List<(double Jobs, ProcessReading Reading)> readings, Func<ProcessReading, double> value)
    {
        double jobs = readings.Average(one => one.Jobs), middle = readings.Average(one => value(one.Reading));
        return readings.Sum(one => (one.Jobs - jobs) * (value(one.Reading) - middle)) / readings.Sum(one => Math.Pow(one.Jobs - jobs, 2));
    }
}
