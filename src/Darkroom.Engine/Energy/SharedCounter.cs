namespace Darkroom.Engine.Energy;

/// <summary>
/// Divides a counter that only grows among those who run at the same time: what it grows by while n of them run is an n-th of it for each. What it grows by
/// while nobody runs is nobody's. Safe for any number of threads.
/// </summary>
/// <param name="read">The counter; null: it cannot be read now, and what it grew by comes with a later reading.</param>
internal sealed class SharedCounter(Func<double?> read)
{
    private readonly Lock gate = new();
    private double? last;
    private double share; // of somebody who ran all the time
    private int running;

    /// <summary>Somebody begins to run.</summary>
    /// <returns>What <see cref="End"/> is to be told.</returns>
    public double Begin()
    {
        lock (gate)
        {
            if (running == 0) last = read();
            else Advance();
            running++;
            return share;
        }
    }

    /// <summary>Somebody runs no more.</summary>
    /// <returns>Their share.</returns>
    public double End(double begun)
    {
        lock (gate)
        {
            Advance();
            running--;
            return share - begun;
        }
    }

    private void Advance()
    {
        if (read() is not { } now) return;
        if (last is { } known && now > known) share += (now - known) / running;
        last = now;
    }
}
