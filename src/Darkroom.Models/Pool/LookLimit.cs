namespace Darkroom.Models.Pool;

/// <summary>How often the disk is looked at for models that nobody knows: any number of wrong names may be asked for.</summary>
internal sealed class LookLimit(TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private long last = time.GetTimestamp();

    /// <summary>Whether it is time. One caller alone is told so, and looks.</summary>
    public bool IsDue
    {
        get
        {
            long before = Interlocked.Read(ref last), now = time.GetTimestamp();
            return time.GetElapsedTime(before, now) >= Between && Interlocked.CompareExchange(ref last, now, before) == before;
        }
    }
}
