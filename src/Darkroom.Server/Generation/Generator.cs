using Darkroom.Engine.Queue;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Generation;

/// <summary>
/// What every surface calls. An order is validated, then started; the run that comes of it is waited for as its caller wants. All that can be expected to
/// go wrong comes back as a <see cref="Failure"/>.
/// </summary>
internal sealed class Generator(
    GenerationValidation generations, UpscaleValidation upscales, LookValidation looks, PictureIntake pictures, IGenerationQueue queue, Drain drain,
    TimeProvider time)
{
    /// <summary>Looks at all of an order and keeps nothing of it.</summary>
    public Validated Validate(GenerationOrder order) => order.Sheet == TaskSheet.Upscale ? upscales.Validate(order)
        : TaskSheet.Looks.Contains(order.Sheet) ? looks.Validate(order)
        : generations.Validate(order);

    /// <summary>Keeps the order's pictures and admits it.</summary>
    /// <param name="order">What is wanted.</param>
    /// <param name="caller">Who wants it: callers share the devices fairly.</param>
    /// <param name="terms">The caller's own key and limits.</param>
    /// <param name="waiting">How the run is waited for.</param>
    /// <param name="left">Fires when the caller leaves.</param>
    /// <returns>The run, to be disposed of when its caller was answered; or why there is none: then nothing of the order is kept.</returns>
    public async ValueTask<(GenerationRun? Run, Failure? Failure)> StartAsync(
        ValidOrder order, string caller, SubmitTerms terms, Waiting waiting, CancellationToken left)
    {
        var place = drain.TryEnter();
        if (place is null) return (null, Failures.ShuttingDown);
        GenerationRun? run = null;
        try
        {
            var (request, failure) = await pictures.TakeAsync(order, left);
            if (request is null) return (null, failure);
            var admission = await SubmitAsync(request with { Caller = caller }, order.Warnings, terms);
            var (job, held) = admission switch
            {
                Admission.Accepted accepted => (accepted.Job, accepted.Pictures),
                Admission.Replayed replayed => (replayed.Job, replayed.Pictures),
                _ => default,
            };
            if (job is null) return (null, Failures.Of(admission));
            (place.JobId, place.Pictures) = (job.Id, held);
            run = new(job, waiting, queue, place, drain, time) { IsReplay = admission is Admission.Replayed };
            return (run, null);
        }
        finally
        {
            if (run is null) place.Dispose();
        }
    }

    private async ValueTask<Admission> SubmitAsync(Engine.Jobs.GenerationRequest request, IReadOnlyList<string> warnings, SubmitTerms terms)
    {
        var admitted = false;
        try
        {
            // Not the caller's token: an admission cut in half would leave a job that nobody cancels.
            var admission = await queue.SubmitAsync(request, warnings, terms, CancellationToken.None);
            admitted = admission is Admission.Accepted;
            return admission;
        }
        finally
        {
            if (!admitted) await pictures.ReleaseAsync(request);
        }
    }
}
