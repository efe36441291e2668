using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages.Pictures;

namespace Darkroom.Engine.Stages;

/// <summary>Decodes what a picture task was sent and makes the row's pixels of it, beside the loop: large pictures take a while.</summary>
internal sealed class LoadPicture(RowMemory row, PictureLoading pictures) : Stage
{
    public override Task? Begin(Background background)
    {
        var description = row.Request.Task == GenerationTask.Upscale ? null : row.Model.Description;
        return background(async () => row.Work = await pictures.LoadAsync(row.Request, description));
    }

    public override JobFailure FailureOf(Exception reason) => new(JobFailureKind.Internal, "A picture of the request could not be read again.");
}
