namespace Darkroom.Models.Residency;

/// <summary>How a pool ends, so that the process may end after it.</summary>
internal static class PoolEnd
{
    /// <summary>
    /// Opening a small model's sessions takes a fraction of a second, a large one's longer than anyone wants to wait for the end of a process.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Closes the devices and waits until nothing runs on them and the loads are over, ten seconds at most. Loads that want to open more fail.
    /// </summary>
    public static async Task WaitAsync(IReadOnlyList<DeviceMemory> devices, IEnumerable<Task> loads)
    {
        Task[] all = [.. devices.Select(device => device.CloseAsync()), .. loads];
        await Task.WhenAll(all).WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Lets go what was loaded; at the end of its load, where that took longer than anyone waited.</summary>
    public static void LetGo<T>(Task<T> load) where T : IDisposable
    {
        if (load.IsCompletedSuccessfully) load.GetAwaiter().GetResult().Dispose();
        else _ = load.ContinueWith(
            static late => late.GetAwaiter().GetResult().Dispose(),
            CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }
}
