using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Queue;

/// <summary>What this process has: a job for another model, or for a larger machine, is left to others.</summary>
internal sealed class ClaimCheck(IModelDirectory models, IUpscalerDirectory upscalers, AdmissionCheck check) : IClaimCheck
{
    public IReadOnlyCollection<string> Models => [.. models.All.Select(model => model.Id), .. upscalers.All.Select(upscaler => upscaler.Id)];

    public bool CanMake(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var request = job.Request;
        return (request.Task == GenerationTask.Upscale || models.Find(request.Model) is not null)
            && (request.Upscale is not { } upscale || upscalers.Find(upscale.Model) is not null) && check.TooLarge(request) is null;
    }
}
