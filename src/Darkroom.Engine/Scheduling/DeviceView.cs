namespace Darkroom.Engine.Scheduling;

/// <summary>A row that is ready for calls on a device.</summary>
/// <param name="Row">Its number.</param>
/// <param name="Standing">Its job's.</param>
/// <param name="First">Where its evaluations begin in <see cref="DeviceView.Evaluations"/>; they stand together, those of one key side by side.</param>
/// <param name="Count">How many there are, at least 1.</param>
/// <param name="Joins">The denoiser that it will come to; null where it is there or past it.</param>
/// <param name="Lanes">Evaluations that it will need of that in a call.</param>
internal readonly record struct ReadyRow(int Row, Standing Standing, int First, int Count, CostKey? Joins = null, int Lanes = 2);

/// <summary>Everything that planning may know of one device: what is ready, and what is free.</summary>
internal sealed class DeviceView
{
    /// <summary>Rows that are ready, in any order.</summary>
    public List<ReadyRow> Rows { get; } = [];

    public List<Evaluation> Evaluations { get; } = [];

    /// <summary>Denoising rows of the device, ready and in calls: one element for each.</summary>
    public List<CostKey> Denoising { get; } = [];

    /// <summary>Narrow calls that it can run side by side; 1 for a device that runs one call at a time.</summary>
    public int Threads { get; set; } = 1;

    /// <summary>Threads that no call runs on. A wide call takes all of them.</summary>
    public int FreeThreads { get; set; } = 1;

    /// <summary>Rows that are in calls now.</summary>
    public int BusyRows { get; set; }

    /// <summary>Rows of jobs that wait to be claimed: the more there are, the more counts how many are done in a second.</summary>
    public int Backlog { get; set; }

    /// <summary>Share of the device that is asked for (<see cref="OfferedLoad"/>): 0…0.9.</summary>
    public double Load { get; set; }

    /// <summary>Networks that can be called narrow.</summary>
    public HashSet<CostKey> Narrow { get; } = [];

    /// <summary>Seconds that calls of other stages have taken since the last call of a denoiser that rows are ready for; 0 right after one.</summary>
    public double HeldUp { get; set; }

    /// <summary>Counts decisions.</summary>
    public long Decision { get; set; }

    public void Clear()
    {
        Rows.Clear();
        Evaluations.Clear();
        Denoising.Clear();
        Narrow.Clear();
    }
}
