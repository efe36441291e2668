namespace Darkroom.Benchmarks.Load;

/// <summary>What became of one request. Seconds count from the start of the point.</summary>
/// <param name="Due">When it was to be sent, by the plan of arrivals.</param>
/// <param name="Sent">When it was.</param>
/// <param name="Finished">When the last byte of the answer was there.</param>
/// <param name="Status">HTTP status; 0: no answer.</param>
/// <param name="HasRetryAfter">Whether the answer has the header.</param>
/// <param name="QueuedMs">From the answer's timings.</param>
/// <param name="MeanBatch">From the answer's timings; 0 where no denoiser was called.</param>
/// <param name="Fault">What went wrong, where the status is none that the load expects.</param>
internal readonly record struct LoadSample(
    LoadKind Kind, double Due, double Sent, double Finished, int Status, bool HasRetryAfter, double QueuedMs, double MeanBatch, string? Fault)
{
    public bool Succeeded => Status == 200;

    public bool WasShed => Status is 503 or 429;

    /// <summary>From the moment it was due: a generator that is late does not make the server look quick.</summary>
    public double Latency => Finished - Due;
}
