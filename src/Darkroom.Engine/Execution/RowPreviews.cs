using Darkroom.Engine.Previews;

namespace Darkroom.Engine.Execution;

/// <summary>When a row shows a preview.</summary>
internal static class RowPreviews
{
    /// <summary>For a row that has done a call of its sampler; does nothing where no preview is due.</summary>
    public static void Offer(this PreviewDesk desk, Row row)
    {
        int every = row.Request.PreviewEvery, done = row.StepsDone;
        if (every == 0 || done / every <= row.PreviewedStep / every || done >= row.Request.Steps) return;
        row.PreviewedStep = done;
        if (row.Model.Result() is not { Preview: { } look } model) return;
        int factor = model.Description.LatentFactor;
        desk.Offer(new PreviewSketch(
            row.Job.Job.Id, row.Index, done, row.Shape, row.Shape.Width * factor, row.Shape.Height * factor, row.State!.Denoised.ToArray(), look));
    }
}
