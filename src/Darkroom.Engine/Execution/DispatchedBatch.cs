using System.Diagnostics;
using Darkroom.Engine.Energy;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Telemetry;

namespace Darkroom.Engine.Execution;

/// <summary>A batch on its way through a device, with the rows it serves. Used again for later batches.</summary>
internal sealed class DispatchedBatch : IStageTable
{
    private readonly List<Row> rows = [];
    private bool isOver;

    public Batch Batch { get; private set; } = new();

    public Device? Device { get; private set; }

    public DeviceWorker? Worker { get; private set; }

    /// <summary>How long each of its graph calls may take.</summary>
    public CallLimit Limit { get; private set; }

    /// <summary>Whether the device is done with it, and the loop has yet to look.</summary>
    public bool IsOver => Volatile.Read(ref isOver);

    /// <summary>Where the device's activity shows it.</summary>
    public int Slot { get; set; }

    public TimeSpan Took { get; private set; }

    /// <summary>What it took of the machine.</summary>
    public CallSpending Spent { get; private set; }

    /// <summary>When it was given to its worker, a timestamp.</summary>
    public long BegunAt { get; private set; }

    /// <summary>How it ended; null where the executor threw.</summary>
    public StepResult? Result { get; private set; }

    /// <summary>What the executor threw: a bug, or a dead device.</summary>
    public Exception? Failure { get; private set; }

    Stage IStageTable.this[int row] => RowOf(row).Stage!; // the loop leaves it where it is until the batch is back

    bool IStageTable.AreOfOneJob(int row, int other) => RowOf(row).Job == RowOf(other).Job;

    /// <summary>The rows in it.</summary>
    public IReadOnlyList<Row> Rows => rows;

    /// <summary>Begins its span, on the thread that runs it; null where none of its jobs is traced.</summary>
    public Activity? BeginSpan()
    {
        if (!JobSpans.AreOn) return null;
        var jobs = new List<Activity>();
        foreach (var row in rows)
            if (row.Job.Span is { } span && !jobs.Contains(span)) jobs.Add(span);
        return BatchSpans.Begin(Batch.Key.Kind.Name, Batch.Key.Model, Device!.Index, Batch.Rows, jobs);
    }

    /// <summary>Whether any of its rows is still in flight.</summary>
    public bool IsWanted(ActiveJobs active)
    {
        foreach (var row in rows)
            if (active.Find(row.Number) is not null) return true;
        return false;
    }

    /// <summary>Whether a row of the job is in it.</summary>
    public bool Serves(ActiveJob job) => rows.Exists(row => row.Job == job);

    public Row RowOf(int number)
    {
        foreach (var row in rows)
            if (row.Number == number) return row;
        throw new KeyNotFoundException($"Row {number} is not in the batch.");
    }

    public void Begin(Device device, DeviceWorker worker, Batch batch, CallLimit limit, long now)
    {
        (Device, Worker, Batch, Limit, Result, Failure, BegunAt) = (device, worker, batch, limit, null, null, now);
        isOver = false;
        rows.Clear();
    }

    /// <summary>Records that all its evaluations are back, where nobody takes what they gave.</summary>
    public void ReturnRows()
    {
        foreach (var evaluation in Batch.Evaluations) RowOf(evaluation.Row).Return();
    }

    /// <summary>Adds a row of the batch once.</summary>
    public void Add(Row row)
    {
        if (rows.Count == 0 || rows[^1] != row) rows.Add(row);
    }

    /// <summary>Records how it ended; the rows are the loop's again.</summary>
    public void End(StepResult? result, Exception? failure, TimeSpan took, in CallSpending spent)
    {
        (Result, Failure, Took, Spent) = (result, failure, took, spent);
        Volatile.Write(ref isOver, true);
    }
}
