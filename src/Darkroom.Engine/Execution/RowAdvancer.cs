using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling.Costs;
using Darkroom.Engine.Stages;
using Darkroom.Models.Sessions;

namespace Darkroom.Engine.Execution;

/// <summary>
/// Brings rows on as far as no device is needed: through loads and work beside the loop, up to the part that their next evaluations need. Rows at the end of
/// their program are sent to be stored.
/// </summary>
internal sealed class RowAdvancer(ActiveJobs active, ResultApplier results, DeviceGroup devices, EngineOptions options, AsyncSignal signal)
{
    private static readonly Background Background = static work => Task.Run(work);

    /// <summary>Brings every row on. Whatever a row's own code throws is that row's failure, and its job's.</summary>
    public async ValueTask AdvanceAsync(CancellationToken cancellation)
    {
        for (int i = 0; i < active.Rows.Count; i++)
        {
            var row = active.Rows[i];
            if (TryAdvance(row) is { } failure)
            {
                await results.FailAsync(row.Job, failure, cancellation);
                i = -1; // it took its job's other rows along: from the start again
            }
            else if (row.Stage is null)
            {
                results.Send(row);
                i--;
            }
            else devices.All[row.Device].Expect(row);
        }
    }

    private JobFailure? TryAdvance(Row row)
    {
        if (row.Fault is { } fault) return results.FailureOf(row, fault);
        try
        {
            return row.Advance(Background, signal) ?? Hold(row);
        }
        catch (Exception e)
        {
            return results.FailureOf(row, e);
        }
    }

    /// <summary>Holds the part that a row needs now, and has it say what it wants.</summary>
    private JobFailure? Hold(Row row)
    {
        if (row.Hold.IsHeld || row.NeededPart() is not { } part) return null;
        try
        {
            if (row.Hold.Take(part, signal) && row.Wanted.Count > 0)
                devices.All[row.Device].Describe(
                    row.Wanted[0].Key.Cost, NetworkSize.OfBytes(part.Bytes),
                    Math.Min(part.MaxRows, row.Stage!.MaxTogether(MemoryEstimate.Available(options, part.Bytes))));
            return null;
        }
        catch (GraphException e)
        {
            return new JobFailure(JobFailureKind.ModelUnavailable, $"A part of the model '{row.Request.Model}' could not be loaded: {e.Message}.");
        }
    }
}
