using Darkroom.Engine.Estimates;
using Darkroom.Engine.Execution.Pictures;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Execution;

/// <summary>Brings the rows of claimed jobs to their first network: models, pictures and upscalers are loaded beside the loop, which is woken when they are there.</summary>
internal sealed class Boarding(
    Flight flight, Landing landing, DeviceGroup devices, IModelSource models, IModelDirectory directory, IUpscalerSource upscalers, IUpscalerDirectory upscalerDirectory,
    RowPreparation preparation, PictureLoading pictures, EngineOptions options, AsyncSignal signal)
{
    private static readonly Task<IDiffusionModel> NoModel = Task.FromException<IDiffusionModel>(new InvalidOperationException("An upscale task has no diffusion model."));
    private static readonly JobFailure PicturesGone = new(JobFailureKind.Internal, "A picture of the request could not be read again.");

    private int lastNumber;

    /// <summary>Lets the rows of a claimed job in.</summary>
    public void Take(Job job)
    {
        var active = new ActiveJob(job, JobWork.Of(job.Request, directory, upscalerDirectory));
        for (int index = 0; index < job.Request.Count; index++)
        {
            int device = Placement.Choose(devices, flight, active);
            var model = job.Request.Task == GenerationTask.Upscale ? NoModel : models.GetAsync(job.Request.Model, device);
            active.Rows.Add(new Row(++lastNumber, active, index, model, UpscaleOf(job.Request, device), device));
        }
        flight.Add(active);
    }

    /// <summary>Brings rows on whose model, pictures or upscaler are loaded.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellation)
    {
        for (int i = 0; i < flight.Rows.Count; i++)
        {
            var row = flight.Rows[i];
            int before = flight.Rows.Count;
            if (row.Stage is Stage.Prepare) await PrepareAsync(row, cancellation);
            else if (row.Turning is { IsCompleted: true } turning) await TurnAsync(row, turning, cancellation);
            else if (row.Stage is Stage.Upscale && !row.Upscale!.HasBegun) await EnterUpscalerAsync(row, cancellation);
            if (flight.Rows.Count == before && !row.Hold.IsHeld && Network.Of(row) is { } network) await HoldAsync(row, network, cancellation);
            if (flight.Rows.Count < before) i = -1; // a row that cannot be brought on takes its job's rows along: from the start again
        }
    }

    private async ValueTask HoldAsync(Row row, Network network, CancellationToken cancellation)
    {
        try
        {
            if (row.Hold.Take(network, signal) && row.Wanted.Count > 0) Know(row, network);
        }
        catch (GraphException e)
        {
            await landing.FailAsync(row.Job, new JobFailure(JobFailureKind.ModelUnavailable, $"A part of the model '{row.Request.Model}' could not be loaded: {e.Message}."), cancellation);
        }
    }

    /// <summary>Tells the device how large the network is, and how many evaluations fit in memory at once as far as can be reckoned.</summary>
    private void Know(Row row, Network network)
    {
        var call = row.Wanted[0].Key.Cost;
        int most = call.Stage == NetworkStage.Upscale ? int.MaxValue : MemoryEstimate.MaxEvaluations(row.Model.Result().Description, call, MemoryEstimate.Available(options));
        devices.All[row.Device].Know(call, network.Size, most);
    }

    private async ValueTask PrepareAsync(Row row, CancellationToken cancellation)
    {
        if (!row.Model.IsCompleted || IsLoading(row)) return;
        var failure = row.Loading is { IsFaulted: true } ? PicturesGone
            : row.Model.IsCompletedSuccessfully || row.Request.Task == GenerationTask.Upscale ? preparation.Prepare(row)
            : new JobFailure(JobFailureKind.ModelUnavailable, $"The model '{row.Request.Model}' could not be loaded: {Reason(row.Model)}.");
        if (failure is not null) await landing.FailAsync(row.Job, failure, cancellation);
        else if (row.Stage is Stage.Deliver) landing.Send(row);
        else if (row.Stage is Stage.EncodeText) Settle(row);
    }

    /// <summary>Whether what the row works on is still being decoded; the first call begins that.</summary>
    private bool IsLoading(Row row)
    {
        bool upscales = row.Request.Task == GenerationTask.Upscale;
        if (row.Request.Edit is null || !(upscales || row.Model.IsCompletedSuccessfully)) return false;
        if (row.Loading is null)
        {
            var description = upscales ? null : row.Model.Result().Description;
            row.Loading = Task.Run(() => pictures.LoadAsync(row.Request, description));
            signal.SetAfter(row.Loading);
        }
        return !row.Loading.IsCompleted;
    }

    /// <summary>A row whose last window was composited goes on with the next one.</summary>
    private async ValueTask TurnAsync(Row row, Task turning, CancellationToken cancellation)
    {
        if (turning.IsCompletedSuccessfully) row.Turned();
        else await landing.FailAsync(row.Job, new JobFailure(JobFailureKind.Internal, "A part of the picture could not be put in its place."), cancellation);
    }

    /// <summary>A row whose upscaler was still loading goes on when it is there, and fails when it cannot be.</summary>
    private async ValueTask EnterUpscalerAsync(Row row, CancellationToken cancellation)
    {
        if (!row.Upscale!.Upscaler.IsCompleted) return;
        if (row.Upscale.Upscaler.IsCompletedSuccessfully) row.EnterUpscale();
        else await landing.FailAsync(row.Job, new JobFailure(JobFailureKind.ModelUnavailable, $"The upscaler '{row.Request.Upscale!.Model}' could not be loaded."), cancellation);
    }

    private UpscaleStage? UpscaleOf(GenerationRequest request, int device)
    {
        if (request.Upscale is not { } order) return null;
        var load = upscalers.GetAsync(order.Model, device);
        signal.SetAfter(load);
        return new UpscaleStage(order, load, request.Finished.Width, request.Finished.Height);
    }

    /// <summary>Takes conditionings that are at hand, and passes over the text stage when all of them are.</summary>
    private static void Settle(Row row)
    {
        var model = row.Model.Result();
        var texts = row.Texts!;
        bool complete = true;
        for (int i = 0; i < texts.Entries.Count; i++)
            complete &= (texts.Conditionings[i] ??= model.FindConditioning(texts.Entries[i])) is not null;
        if (complete) row.NextStage();
    }

    private static string Reason(Task<IDiffusionModel> load) =>
        load.Exception?.InnerException is GraphException e ? e.Message : "see the server's log";
}
