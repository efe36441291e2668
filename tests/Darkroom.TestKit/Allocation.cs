namespace Darkroom.TestKit;

/// <summary>What work allocates on the thread that does it.</summary>
public static class Allocation
{
    private const int Rounds = 5;

    /// <summary>
    /// Bytes that the work takes, by the smallest of five rounds: the first has what is made once, and the runtime sometimes adds to one of them (90 KB was
    /// seen).
    /// </summary>
    /// <param name="work">It may be done several times.</param>
    public static long Of(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
