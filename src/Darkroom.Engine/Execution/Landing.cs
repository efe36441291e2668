using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Telemetry;
using Darkroom.Models.Sessions;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>Applies what calls gave: rows move on, finished pictures are sent off to be stored, jobs end.</summary>
internal sealed class Landing(IJobStore store, Flight flight, Delivery delivery, PreviewDesk previews, FairShare shares, AsyncSignal signal, TimeProvider time, ILogger<Landing> log)
{
    private static readonly JobFailure DeviceDead = new(JobFailureKind.Internal, "The device failed while this job ran.");

    /// <summary>Moves the rows of a call that has ended.</summary>
    public async ValueTask ApplyAsync(Call call, CancellationToken cancellation)
    {
        var batch = call.Batch;
        if (call.Failure is { } dead) EngineLog.CallFailed(log, batch.Key.Stage, dead);
        CountTime(call);
        for (int i = 0; i < batch.Evaluations.Count; i++)
        {
            var evaluation = batch.Evaluations[i];
            var row = call[evaluation.Row];
            bool all = row.Return();
            if (flight.Find(evaluation.Row) is null) continue; // its job ended while the call ran
            shares.Charge(row.Request.Caller, MegapixelSteps(batch.Key));
            if (call.Result is not { } result) await FailAsync(row.Job, DeviceDead, cancellation);
            else if (result.FailureOf(evaluation) is { } failure) await FailAsync(row.Job, failure, cancellation);
            else if (all) await TryAdvanceAsync(row, cancellation);
        }
    }

    /// <summary>Takes pictures that were stored meanwhile.</summary>
    /// <returns>Whether there were any.</returns>
    public async ValueTask<bool> TakeStoredAsync(CancellationToken cancellation)
    {
        bool any = false;
        while (delivery.TryTake(out var delivered))
        {
            await FinishAsync(delivered, cancellation);
            any = true;
        }
        return any;
    }

    /// <summary>Ends every job in flight for one reason: the server stops, or the engine cannot be trusted.</summary>
    public async ValueTask FailAllAsync(JobFailure failure, CancellationToken cancellation)
    {
        foreach (var active in flight.Jobs.ToArray())
            await FailAsync(active, failure, cancellation);
    }

    public async ValueTask FailAsync(ActiveJob active, JobFailure failure, CancellationToken cancellation)
    {
        EngineLog.JobFailed(log, active.Job.Id, failure.Kind, failure.Detail);
        await store.CommitAsync(active.Job.Id, active.Job.Attempt, new JobCommand.Fail(failure), cancellation);
        flight.Remove(active);
        signal.Set(); // there is room, wherever in a tick this was
    }

    /// <summary>A row that needs no device any more goes to be encoded and stored.</summary>
    public void Send(Row row)
    {
        flight.Leave(row);
        delivery.Send(row);
    }

    /// <summary>A bug in one row's own arithmetic is that row's alone: its neighbours go on.</summary>
    private async ValueTask TryAdvanceAsync(Row row, CancellationToken cancellation)
    {
        try
        {
            await AdvanceAsync(row, cancellation);
        }
        catch (GraphException e)
        {
            await FailAsync(row.Job, new JobFailure(JobFailureKind.NonFinite, $"The network's answer could not be used: {e.Message}."), cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            EngineLog.RowFailed(log, row.Job.Job.Id, e);
            await FailAsync(row.Job, new JobFailure(JobFailureKind.Internal, "The picture could not be worked on further."), cancellation);
        }
    }

    private async ValueTask AdvanceAsync(Row row, CancellationToken cancellation)
    {
        switch (row.Stage)
        {
            case Stage.EncodeText or Stage.EncodePicture:
                row.NextStage();
                break;
            case Stage.Denoise:
                bool more = row.Step();
                previews.Offer(row);
                await ReportAsync(row.Job, cancellation);
                if (!more) row.NextStage();
                break;
            case Stage.Decode:
                row.NextStage();
                if (row.Stage is Stage.Deliver) Send(row);
                if (row.Turning is { } turning) signal.SetAfter(turning);
                break;
            case Stage.Upscale:
                row.Upscale!.Accept();
                await ReportAsync(row.Job, cancellation);
                if (!row.Upscale.IsDone) break;
                row.NextStage();
                Send(row);
                break;
        }
    }

    private async ValueTask ReportAsync(ActiveJob active, CancellationToken cancellation)
    {
        if (active.Advance() is var (steps, wanted))
            await store.ReportAsync(active.Job.Id, active.Job.Attempt, steps, wanted, cancellation);
    }

    private async ValueTask FinishAsync(Delivered delivered, CancellationToken cancellation)
    {
        var active = delivered.Job;
        if (!flight.Holds(active)) return;
        if (delivered.Failure is { } failure)
        {
            await FailAsync(active, failure, cancellation);
            return;
        }
        if (!active.Deliver(delivered.Image!)) return;
        await store.CommitAsync(active.Job.Id, active.Job.Attempt, new JobCommand.Succeed(active.Result(time.GetUtcNow())), cancellation);
        flight.Remove(active);
    }

    private static void CountTime(Call call)
    {
        var batch = call.Batch;
        ActiveJob? last = null;
        for (int i = 0; i < batch.Evaluations.Count; i++)
        {
            var active = call[batch.Evaluations[i].Row].Job;
            if (active == last) continue;
            last = active;
            switch (batch.Key.Stage)
            {
                case NetworkStage.EncodeText or NetworkStage.EncodePicture: active.AddEncodeTime(call.Took.TotalMilliseconds); break;
                case NetworkStage.Denoise: active.AddDenoiseCall(call.Took.TotalMilliseconds, batch.Rows); break;
                case NetworkStage.Decode or NetworkStage.Upscale: active.AddDecodeTime(call.Took.TotalMilliseconds); break;
            }
        }
    }

    /// <summary>What one evaluation counts: a guidance pair over a megapixel is one; a decoded or encoded megapixel about as much as a step, and so is an upscaled one.</summary>
    private static double MegapixelSteps(in BatchKey key)
    {
        double area = key.Shape.Width * (double)key.Shape.Height / 1e6;
        return key.Stage switch
        {
            NetworkStage.EncodeText => 0,
            NetworkStage.Denoise => 64 * area / 2, // of latents whose cells are eight pixels wide and high
            NetworkStage.Decode => 64 * area,
            _ => area,
        };
    }
}
