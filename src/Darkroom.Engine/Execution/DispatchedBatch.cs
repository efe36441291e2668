using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;

namespace Darkroom.Engine.Execution;

/// <summary>A batch on its way through a device, with the rows it serves. Used again for later batches.</summary>
internal sealed class DispatchedBatch : IStageTable
{
    private readonly List<Row> rows = [];

    public Batch Batch { get; private set; } = new();

    public Device? Device { get; private set; }

    public DeviceWorker? Worker { get; private set; }

    public TimeSpan Took { get; private set; }

    /// <summary>How it ended; null where the executor threw.</summary>
    public StepResult? Result { get; private set; }

    /// <summary>What the executor threw: a bug, or a dead device.</summary>
    public Exception? Failure { get; private set; }

    Stage IStageTable.this[int row] => RowOf(row).Stage!; // the loop leaves it where it is until the batch is back

    public Row RowOf(int number)
    {
        foreach (var row in rows)
            if (row.Number == number) return row;
        throw new KeyNotFoundException($"Row {number} is not in the batch.");
    }

    public void Begin(Device device, DeviceWorker worker, Batch batch)
    {
        (Device, Worker, Batch, Result, Failure) = (device, worker, batch, null, null);
        rows.Clear();
    }

    /// <summary>Adds a row of the batch once.</summary>
    public void Add(Row row)
    {
        if (rows.Count == 0 || rows[^1] != row) rows.Add(row);
    }

    /// <summary>Takes note of how it ended; the rows are the loop's again.</summary>
    public void End(StepResult? result, Exception? failure, TimeSpan took) => (Result, Failure, Took) = (result, failure, took);
}
