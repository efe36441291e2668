namespace Darkroom.Engine.Readings;

/// <summary>What the engine is at, for those who ask. The engine's loop writes; any thread may read.</summary>
/// <param name="devices">How many there are.</param>
/// <param name="time">Measures.</param>
public sealed class EngineActivity(int devices, TimeProvider time)
{
    private int jobsInFlight, rowsInFlight;
    private long rowBytes;

    /// <summary>Each device's, by its index.</summary>
    public IReadOnlyList<DeviceActivity> Devices { get; } = [.. Enumerable.Range(0, devices).Select(index => new DeviceActivity(index, time))];

    /// <summary>Jobs that this process has in hand.</summary>
    public int Jobs => Volatile.Read(ref jobsInFlight);

    /// <summary>Pictures of theirs that still need a device.</summary>
    public int Rows => Volatile.Read(ref rowsInFlight);

    /// <summary>Memory that is set aside for the state of the jobs' rows, bytes.</summary>
    public long RowBytes => Interlocked.Read(ref rowBytes);

    /// <summary>Calls of denoisers in the last minute, and rows of a call in the mean; null: there were none.</summary>
    public (double Calls, double? MeanRows) Batches
    {
        get
        {
            double calls = Devices.Sum(device => device.Steps.Calls);
            return (calls, calls > 0 ? Devices.Sum(device => device.Steps.Rows) / calls : null);
        }
    }

    internal void Show(int jobsNow, int rowsNow, long bytes)
    {
        Volatile.Write(ref jobsInFlight, jobsNow);
        Volatile.Write(ref rowsInFlight, rowsNow);
        Interlocked.Exchange(ref rowBytes, bytes);
    }
}
