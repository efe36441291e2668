using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Workers;

/// <summary>
/// What this process has: a job for another model, or for a larger machine, is left to others, and so is for a moment one whose model another worker has
/// open already.
/// </summary>
/// <param name="models">What is here.</param>
/// <param name="upscalers">What is here.</param>
/// <param name="check">Whether there is memory for it.</param>
/// <param name="time">Says how old a job is.</param>
/// <param name="others">The other workers; null: there are none.</param>
/// <param name="autoencoders">What is here; null: nobody asks.</param>
internal sealed class ClaimCheck(
    IModelDirectory models, IUpscalerDirectory upscalers, AdmissionCheck check, TimeProvider time, OtherWorkers? others = null,
    AutoencoderChoice? autoencoders = null) : IClaimCheck
{
    /// <summary>How long a job is left to those who have its model open: what it takes to open a small one, and little beside opening a large one.</summary>
    public static readonly TimeSpan LeftToOthers = TimeSpan.FromSeconds(2);

    public IReadOnlyCollection<string> Models => [.. models.All.Select(model => model.Id), .. upscalers.All.Select(upscaler => upscaler.Id)];

    public bool CanMake(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var request = job.Request;
        return (request.Task == GenerationTask.Upscale || (models.Find(request.Model) is not null && !IsLeftToOthers(job)))
            && request.Upscalers.All(id => upscalers.Find(id) is not null) && autoencoders?.Has(request) != false
            && check.TooLarge(request) is null;
    }

    private bool IsLeftToOthers(Job job) =>
        others is not null && models.StatusOf(job.Request.Model).State != ModelState.Ready
        && others.Directory.StatusOf(job.Request.Model).State == ModelState.Ready && time.GetUtcNow() - job.CreatedAt < LeftToOthers;
}
