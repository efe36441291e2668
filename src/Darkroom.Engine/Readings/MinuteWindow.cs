namespace Darkroom.Engine.Readings;

/// <summary>What came together in the last minute, second by second. Safe for any number of threads; adding allocates nothing.</summary>
internal sealed class MinuteWindow(TimeProvider time)
{
    private const int Length = 60;

    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private readonly double[] sums = new double[Length];
    private readonly long[] seconds = new long[Length]; // which second each sum is of

    /// <summary>Sum over the last minute.</summary>
    public double Sum
    {
        get
        {
            long now = (long)Now;
            double sum = 0;
            lock (gate)
                for (int i = 0; i < Length; i++)
                    if (seconds[i] > now - Length) sum += sums[i];
            return sum;
        }
    }

    /// <summary>The same for each second, of the minute or of the shorter time that there has been.</summary>
    public double PerSecond => Sum / Seconds;

    /// <summary>How long the window is by now: 1…60.</summary>
    public double Seconds => Math.Clamp(Now, 1, Length);

    private double Now => time.GetElapsedTime(start).TotalSeconds;

    /// <summary>Adds something that happened now.</summary>
    public void Add(double value)
    {
        lock (gate) Add((long)Now, value);
    }

    /// <summary>Adds the seconds of an interval that ends now, each where it was.</summary>
    public void AddTime(TimeSpan took)
    {
        double end = Now, at = Math.Max(0, end - Math.Min(took.TotalSeconds, Length));
        lock (gate)
            while (at < end)
            {
                double next = Math.Min(end, Math.Floor(at) + 1);
                Add((long)at, next - at);
                at = next;
            }
    }

    private void Add(long second, double value)
    {
        int slot = (int)(second % Length);
        if (seconds[slot] > second) return; // an interval's beginning that is out of the window already
        if (seconds[slot] < second) (seconds[slot], sums[slot]) = (second, 0);
        sums[slot] += value;
    }
}
