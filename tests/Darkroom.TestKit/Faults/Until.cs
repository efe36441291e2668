namespace Darkroom.TestKit.Faults;

/// <summary>Waits for what must come to be.</summary>
internal static class Until
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(90), Pause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">It did not.</exception>
    public static async Task HoldsAsync(string what, Func<Task<bool>> holds, TimeSpan? patience = null)
    {
        using var wait = new CancellationTokenSource(patience ?? Usual);
        while (!await holds())
        {
            if (wait.IsCancellationRequested) throw new TimeoutException($"After {(patience ?? Usual).TotalSeconds} s still not: {what}.");
            await Task.Delay(Pause);
        }
    }
}
