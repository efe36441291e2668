using Darkroom.Benchmarks.Load;

namespace Darkroom.Benchmarks.Cluster;

/// <summary>A number of workers, and what they did within some seconds.</summary>
internal sealed record ClusterPoint
{
    public required int Workers { get; init; }

    /// <summary>What a step takes; zero: the store alone is measured.</summary>
    public required TimeSpan Step { get; init; }

    public required double Seconds { get; init; }

    public required ClusterTally Tally { get; init; }

    /// <summary>From the call that added a job of high priority on one node to its claim by a worker, milliseconds.</summary>
    public required Spread HighMs { get; init; }

    /// <summary>From the commit of its end to the answer of a third node that waited for it, milliseconds.</summary>
    public required Spread ToldMs { get; init; }

    public required DatabaseReading Before { get; init; }

    public required DatabaseReading After { get; init; }

    /// <summary>Cores in use by this process, workers and all.</summary>
    public required double Cores { get; init; }

    /// <summary>Sent to the database by all nodes.</summary>
    public required long Commands { get; init; }

    public double ClaimsPerSecond => Tally.Got / Seconds;

    public double EndsPerSecond => Tally.Finished / Seconds;

    /// <summary>Share of the jobs asked for that others had taken.</summary>
    public double Lost => Tally.Asked == 0 ? 0 : 1 - Tally.Got / (double)Tally.Asked;

    public double DatabaseCores => (After.Processor - Before.Processor) / Seconds;

    public double LogBytesPerJob => (After.LogBytes - Before.LogBytes) / (double)Math.Max(1, Tally.Finished);

    public double CommandsPerJob => Commands / (double)Math.Max(1, Tally.Finished);

    public double TransactionsPerJob => (After.Transactions - Before.Transactions) / (double)Math.Max(1, Tally.Finished);
}
