namespace Darkroom.Engine.Tests.Execution;

/// <summary>The machine's clock, so many times as fast: waits of minutes are over in moments.</summary>
internal sealed class HurriedTime(int factor) : TimeProvider
{
    public override long GetTimestamp() => System.GetTimestamp() * factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Hurried(dueTime), Hurried(period));

    private TimeSpan Hurried(TimeSpan wait) => wait < TimeSpan.Zero ? wait : wait / factor;
}
