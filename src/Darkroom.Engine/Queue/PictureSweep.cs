using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Queue;

/// <summary>
/// Goes through stored jobs and stored files from time to time: removes pictures that are too old and files without a job, and lets the store learn of
/// pictures that jobs have and it lost. Several processes may do so on one store.
/// </summary>
internal sealed class PictureSweep(
    IJobStore jobs, IArtifactStore artifacts, IInputStore inputs, SweepChoice choice, TimeProvider time, ILogger<PictureSweep> log,
    IRetention? own = null)
    : PeriodicWork(Interval, time)
{
    private const int PageSize = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly TimeProvider clock = time;

    /// <summary>One sweep. Where the jobs cannot be read to the end, nothing is removed.</summary>
    /// <returns>How many files went.</returns>
    public async Task<(int Pictures, int Inputs)> SweepAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var current = own is null ? choice : choice.With(await own.OwnAsync(cancellation));
        var stored = new SweepList(current, now);
        await foreach (var picture in artifacts.ListAsync(cancellation)) stored.Add(picture);
        var inUse = new HashSet<string>(StringComparer.Ordinal);
        JobPlace? place = null;
        do
        {
            var page = await jobs.ListAsync(new(State: null, PageSize, place), cancellation);
            foreach (var job in page.Jobs)
            {
                var trace = JobTrace.Of(job);
                bool hasAll = stored.Decide(job.Id, trace);
                if (!job.IsFinished) inUse.UnionWith(job.Request.Inputs.Select(input => input.InputId));
                else if (!hasAll) await artifacts.NotKeptAsync(trace.Pictures, cancellation);
            }
            place = page.Next;
        }
        while (place is not null);
        var due = stored.Due();
        await artifacts.RemoveAsync(due, cancellation);
        await artifacts.TidyAsync(cancellation);
        return (due.Count, await SweepInputsAsync(inUse, now, cancellation));
    }

    protected override async Task TurnAsync(CancellationToken cancellation)
    {
        var (pictures, sent) = await SweepAsync(cancellation);
        if (pictures + sent > 0) EngineLog.Swept(log, pictures, sent);
    }

    protected override void Failed(Exception exception) => EngineLog.SweepFailed(log, exception);

    private async Task<int> SweepInputsAsync(HashSet<string> inUse, DateTimeOffset now, CancellationToken cancellation)
    {
        var due = await inputs.ListAsync(cancellation).Where(input => SweepChoice.IsDue(input, inUse, now)).Select(input => input.Id)
            .ToListAsync(cancellation);
        foreach (string id in due) await inputs.RemoveAsync(id, cancellation);
        return due.Count;
    }
}
