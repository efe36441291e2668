namespace Darkroom.Engine.Queue;

/// <summary>
/// The time by which jobs are stamped and deadlines are judged: what the wall clock said at the start, moved on by the monotonic clock. A wall clock that is
/// set while the process runs changes it only slowly: a difference is closed by at most 1 % of the time that passes, so it never goes backwards, and a jump
/// of an hour takes four days. Moments are whole microseconds, as databases keep them.
/// </summary>
/// <param name="inner">Both clocks and the timers; in a process the system's.</param>
public sealed class SteadyTime(TimeProvider inner) : TimeProvider
{
    /// <summary>Of the time that passes: how much of a difference is closed in it.</summary>
    public const double MaxCorrection = 0.01;

    /// <summary>How often the clock that is followed is looked at.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly TimeProvider inner = inner ?? throw new ArgumentNullException(nameof(inner));
    private long stamp = inner.GetTimestamp(); // of the last look
    private DateTimeOffset shown = inner.GetUtcNow(); // what this clock said then
    private TimeSpan ahead; // how far the clock that is followed was before this one then
    private (DateTimeOffset Moment, long Stamp)? told; // by a database; null: the wall clock is followed

    /// <summary>The wall clock as it stands: for dates that people and other programs compare with theirs.</summary>
    public TimeProvider Wall => inner;

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <summary>The wall clock behind a time, where it is a steady one; else that time.</summary>
    public static TimeProvider WallOf(TimeProvider time) => time is SteadyTime steady ? steady.Wall : time;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            long now = inner.GetTimestamp();
            var at = Shown(now);
            if (inner.GetElapsedTime(stamp, now) >= LookEvery) Look(at, now);
            return at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
        }
    }

    /// <summary>
    /// A clock that many processes share says this moment: from now on it is followed, and this machine's wall clock no longer. The first moment is taken at
    /// once, since a store is opened before anything is stamped; later ones are closed in on.
    /// </summary>
    public void Follow(DateTimeOffset moment)
    {
        lock (gate)
        {
            long now = inner.GetTimestamp();
            var at = told is null ? moment : Shown(now);
            told = (moment, now);
            Look(at, now);
        }
    }

    private DateTimeOffset Shown(long now)
    {
        var passed = inner.GetElapsedTime(stamp, now);
        var most = passed * MaxCorrection;
        return shown + passed + (ahead > most ? most : ahead < -most ? -most : ahead);
    }

    private void Look(DateTimeOffset at, long now)
    {
        var followed = told is var (moment, then) ? moment + inner.GetElapsedTime(then, now) : inner.GetUtcNow();
        (shown, stamp, ahead) = (at, now, followed - at);
    }
}
