namespace Darkroom.Benchmarks.Load;

/// <summary>One configuration under one load: what was asked and what came back. The first sixth of the time fills the server and is not counted.</summary>
internal sealed class LoadPoint
{
    private readonly LoadSample[] counted;

    /// <param name="load">Share of the capacity; null for a closed loop.</param>
    /// <param name="samples">All requests of the point.</param>
    /// <param name="seconds">For how long requests were sent.</param>
    public LoadPoint(LoadConfiguration configuration, string label, double? load, LoadSample[] samples, double seconds,
        (double Server, double Own, double Others) cores)
    {
        (Configuration, Label, Load, Cores) = (configuration, label, load, cores);
        double from = seconds / 6, window = seconds - from;
        counted = [.. samples.Where(sample => sample.Due >= from && sample.Due < seconds)];
        Successes = [.. counted.Where(sample => sample.Succeeded)];
        Offered = counted.Length / window;
        Goodput = samples.Count(sample => sample.Succeeded && sample.Finished >= from && sample.Finished < seconds) / window;
        Shed = samples.Count(sample => sample.WasShed);
        ShedWithoutRetryAfter = samples.Count(sample => sample is { WasShed: true, HasRetryAfter: false });
        Faults = [.. samples.Where(sample => sample is { Succeeded: false, WasShed: false }).Select(sample => sample.Fault ?? "?")];
        SentLate = Spread.Of(samples.Select(sample => sample.Sent - sample.Due));
        Latency = Spread.Of(Successes.Select(sample => sample.Latency));
        QueuedMs = Successes.Length == 0 ? 0 : Successes.Average(sample => sample.QueuedMs);
        var batched = Successes.Where(sample => sample.MeanBatch > 0).ToArray();
        MeanBatch = batched.Length == 0 ? 0 : batched.Average(sample => sample.MeanBatch);
    }

    public LoadConfiguration Configuration { get; }

    public string Label { get; }

    public double? Load { get; }

    /// <summary>Requests a second.</summary>
    public double Offered { get; }

    /// <summary>Pictures answered with 200, a second.</summary>
    public double Goodput { get; }

    /// <summary>Answers of 503 and 429, over the whole point.</summary>
    public int Shed { get; }

    public int ShedWithoutRetryAfter { get; }

    /// <summary>Whatever was neither an answer nor a refusal.</summary>
    public IReadOnlyList<string> Faults { get; }

    public LoadSample[] Successes { get; }

    /// <summary>How much later than planned requests were sent, seconds.</summary>
    public Spread SentLate { get; }

    /// <summary>Of successes, seconds.</summary>
    public Spread Latency { get; }

    public double QueuedMs { get; }

    public double MeanBatch { get; }

    /// <summary>Cores in use while requests were sent.</summary>
    public (double Server, double Own, double Others) Cores { get; }
}
