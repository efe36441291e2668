using Darkroom.Engine.Jobs;
using Darkroom.Storage.Live;

namespace Darkroom.Storage.Postgres;

/// <summary>
/// Versions of jobs whose steps are told on every node and written on none: step s of an attempt is told as the version that its claim had, plus s. So a
/// reader who goes on at another node misses nothing, and what is written next lies above all that may have been told.
/// </summary>
internal static class Versions
{
    // What is not known before an upscaler is loaded: its tiles are steps.
    private const int RoomOfTiles = 1 << 20;

    /// <summary>The record with more steps done, as it is told.</summary>
    /// <param name="record">As it is written: no step of the attempt is.</param>
    /// <param name="progress">Of its attempt.</param>
    /// <param name="at">When the steps were done.</param>
    public static JobRecord WithProgress(JobRecord record, JobProgress progress, DateTimeOffset at)
    {
        int room = RoomOf(record);
        long version = record.Job.Version - Math.Min(record.Job.Progress.Step, room) + Math.Min(progress.Step, room);
        return record.Apply(new JobCommand.Advance(progress), at) is { } next ? Numbered(next, version) : record;
    }

    /// <summary>A record after a command that is written now.</summary>
    /// <param name="before">As it was, with the steps that are known to be done.</param>
    /// <param name="next">As it is.</param>
    /// <param name="knowsSteps">Whether nobody can have told more steps than those.</param>
    public static JobRecord Written(JobRecord before, JobRecord next, bool knowsSteps)
    {
        if (knowsSteps || before.Job.State != JobState.Running) return next;
        int room = RoomOf(before);
        return Numbered(next, before.Job.Version - Math.Min(before.Job.Progress.Step, room) + room + 1);
    }

    private static int RoomOf(JobRecord record) =>
        record.Job.Request is { Upscale: null, Hires: null or { IsLatent: true } } request ? request.StepsShown * request.Count : RoomOfTiles;

    private static JobRecord Numbered(JobRecord record, long version)
    {
        var events = record.Events;
        if (events is [.., var last] && last.Version == record.Job.Version) events = events.SetItem(events.Length - 1, last with { Version = version });
        return record with { Job = record.Job with { Version = version }, Events = events };
    }
}
