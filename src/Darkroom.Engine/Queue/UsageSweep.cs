using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Queue;

/// <summary>Forgets usage that is too old. It is kept for much longer than jobs: a bill for a year is asked for after the year.</summary>
internal sealed class UsageSweep(IUsageBook book, TimeProvider time, ILogger<UsageSweep> log) : PeriodicWork(TimeSpan.FromMinutes(10), time)
{
    /// <summary>Days that are kept, today not counted.</summary>
    public const int KeptDays = 400;

    private readonly TimeProvider clock = time;

    internal async Task SweepAsync(CancellationToken cancellation) =>
        await book.SweepUsageAsync(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-KeptDays), cancellation);

    protected override Task TurnAsync(CancellationToken cancellation) => SweepAsync(cancellation);

    protected override void Failed(Exception exception) => EngineLog.UsageSweepFailed(log, exception);
}
