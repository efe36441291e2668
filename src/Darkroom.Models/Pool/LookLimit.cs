namespace Darkroom.Models.Pool;

/// <summary>
/// How often the disk is looked at for names that nobody knows. A file that was put there a moment ago is found by the first request that names it; and since
/// any number of wrong names may be asked for, looking takes a tenth of the time at most.
/// </summary>
internal sealed class LookLimit(TimeProvider time)
{
    private const int Share = 10;

    private readonly Lock gate = new();
    private long? ended;
    private TimeSpan took;

    /// <summary>Looks where it is time. Who asks during another's look waits for its end.</summary>
    /// <param name="look">What looks.</param>
    public void Look(Action look)
    {
        lock (gate)
        {
            if (ended is { } before && time.GetElapsedTime(before) < (Share - 1) * took) return;
            long began = time.GetTimestamp();
            look();
            ended = time.GetTimestamp();
            took = time.GetElapsedTime(began, ended.Value);
        }
    }
}
