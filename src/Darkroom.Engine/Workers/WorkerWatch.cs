using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Workers;

/// <summary>
/// What a process does for the queue that makes no pictures itself: it reads the workers' cards, ends jobs whose deadlines have passed, takes back what dead
/// workers held, and fails jobs that nobody can make.
/// </summary>
internal sealed class WorkerWatch(
    IWorkerBoard board, WorkerDirectory directory, IJobStore store, JobRecovery recovery, QueuePace pace, TimeProvider time, ILogger<WorkerWatch> log)
    : PeriodicWork(Interval, time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a job may wait for a worker with its model while others are there, and how long the models of a worker that is gone are asked for still: one
    /// that restarts or reads its models is back by then.
    /// </summary>
    public static readonly TimeSpan MaxWithout = TimeSpan.FromMinutes(2);

    /// <summary>After the store was away nobody could say that he lives: so long those who are known are taken to be there.</summary>
    private static readonly TimeSpan Return = TimeSpan.FromSeconds(15);

    private const int Seen = 500, Measured = 20, MaxGone = 64;

    private readonly Dictionary<string, long> missingSince = [];
    private readonly Dictionary<string, (WorkerCard Card, long At)> seen = []; // workers and when they were
    private readonly TimeProvider clock = time;
    private long recoveredAt;
    private long? awayAt; // when the store was away last

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            Show(await board.LiveAsync(cancellationToken));
        }
        catch (StoreException e)
        {
            Failed(e);
        }
        await base.StartAsync(cancellationToken);
    }

    protected override Task TurnAsync(CancellationToken cancellation) => LookAsync(cancellation);

    protected override void Failed(Exception exception)
    {
        awayAt = clock.GetTimestamp();
        EngineLog.WorkersNotSeen(log, exception.Message);
    }

    /// <summary>One look.</summary>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        var live = await board.LiveAsync(cancellation);
        if (live.Count > 0 || awayAt is not { } at || clock.GetElapsedTime(at) >= Return) Show(live);
        await store.ExpireAsync(cancellation);
        if (clock.GetElapsedTime(recoveredAt) >= recovery.Interval)
        {
            await recovery.RecoverAsync(cancellation);
            recoveredAt = clock.GetTimestamp();
            await MeasureAsync(cancellation);
        }
        await FailUnmakeableAsync(cancellation);
    }

    private void Show(IReadOnlyList<WorkerCard> live)
    {
        foreach (var card in live) seen[card.Id] = (card, clock.GetTimestamp());
        foreach (string id in seen.Where(one => clock.GetElapsedTime(one.Value.At) >= MaxWithout).Select(one => one.Key).ToArray()) seen.Remove(id);
        var ids = live.Select(card => card.Id).ToHashSet(StringComparer.Ordinal);
        directory.Show(live, [.. seen.Where(one => !ids.Contains(one.Key)).Select(one => one.Value).OrderByDescending(one => one.At).Take(MaxGone)
            .Select(one => one.Card)]);
    }

    /// <summary>How fast the queue moves, by the ends of the last jobs: who finds it full is told when to come again.</summary>
    private async Task MeasureAsync(CancellationToken cancellation)
    {
        DateTimeOffset[] ends =
        [
            .. (await store.ListAsync(new JobQuery(JobState.Succeeded, Measured), cancellation)).Jobs.Select(job => job.FinishedAt!.Value).Order(),
        ];
        if (ends.Length > 1) pace.JobSeconds = (ends[^1] - ends[0]).TotalSeconds / (ends.Length - 1);
    }

    private async Task FailUnmakeableAsync(CancellationToken cancellation)
    {
        if (directory.Workers == 0)
        {
            missingSince.Clear(); // nobody is there yet, or any more: jobs wait for the next one
            return;
        }
        var waiting = await store.WaitingAsync(Seen, Seen, cancellation);
        var kept = new HashSet<string>();
        foreach (var job in waiting)
        {
            if (directory.CanMake(job.Request)) continue;
            kept.Add(job.Id);
            if (!missingSince.TryGetValue(job.Id, out long since)) missingSince[job.Id] = clock.GetTimestamp();
            else if (clock.GetElapsedTime(since) >= MaxWithout)
                await store.CommitAsync(job.Id, attempt: null, new JobCommand.Fail(new(JobFailureKind.ModelUnavailable, WhyOf(job.Request))), cancellation);
        }
        foreach (string id in missingSince.Keys.Where(id => !kept.Contains(id)).ToArray()) missingSince.Remove(id);
    }

    private static string WhyOf(GenerationRequest request) => request.Upscalers.ToList() is { Count: > 0 } upscalers
        ? $"No worker has the model '{request.Model}' and the upscaler '{string.Join("' and '", upscalers)}'."
        : $"No worker has the model '{request.Model}'.";
}
