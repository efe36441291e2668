using Darkroom.Engine.Devices;
namespace Darkroom.Engine.Readings;

/// <summary>The calls that run on a device, and how busy it was. The engine's loop writes, and nothing is allocated for a call; any thread may read.</summary>
/// <param name="index">Of the device.</param>
/// <param name="time">Measures.</param>
public sealed class DeviceActivity(int index, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly MinuteWindow busy = new(time), stepCalls = new(time), stepRows = new(time);
    private Slot[] slots = new Slot[1];
    private int running;
    private long busySince;
    private bool isLost;

    public int Index => index;

    public DeviceState State => isLost ? DeviceState.GivenUp : Volatile.Read(ref running) > 0 ? DeviceState.Working : DeviceState.Idle;

    /// <summary>Share of the last minute in which any call ran: 0…1.</summary>
    public double BusyShare
    {
        get
        {
            lock (gate)
            {
                double now = running > 0 ? time.GetElapsedTime(busySince).TotalSeconds : 0;
                return Math.Min(1, (busy.Sum + now) / busy.Seconds);
            }
        }
    }

    /// <summary>The calls that run now.</summary>
    public IReadOnlyList<CallReading> Calls
    {
        get
        {
            lock (gate)
                return [.. slots.Where(slot => slot.Kind is not null).Select(slot => new CallReading(
                    slot.Kind!, slot.Model!, slot.Rows, time.GetElapsedTime(slot.Since)))];
        }
    }

    /// <summary>Calls of denoisers that ended in the last minute, and the rows in them.</summary>
    internal (double Calls, double Rows) Steps => (stepCalls.Sum, stepRows.Sum);

    /// <summary>A call begins.</summary>
    /// <returns>Its slot, for its end.</returns>
    internal int Begin(string kind, string model, int rows, bool isStep)
    {
        long now = time.GetTimestamp();
        lock (gate)
        {
            int free = Array.FindIndex(slots, static slot => slot.Kind is null);
            if (free < 0) Array.Resize(ref slots, (free = slots.Length) + 1);
            slots[free] = new(kind, model, rows, isStep, now);
            if (running++ == 0) busySince = now;
            return free;
        }
    }

    internal void End(int slot)
    {
        lock (gate)
        {
            if (slots[slot] is { IsStep: true, Rows: var rows })
            {
                stepCalls.Add(1);
                stepRows.Add(rows);
            }
            slots[slot] = default;
            if (--running == 0) busy.AddTime(time.GetElapsedTime(busySince));
        }
    }

    /// <summary>It was given up.</summary>
    internal void Lose()
    {
        lock (gate)
        {
            isLost = true;
            Array.Clear(slots);
            running = 0;
        }
    }

    private readonly record struct Slot(string? Kind, string? Model, int Rows, bool IsStep, long Since);
}
