using Darkroom.Engine.Previews;

namespace Darkroom.Engine.Execution;

/// <summary>When a row shows a preview.</summary>
internal static class RowPreviews
{
    /// <summary>For a row that has done a call of its sampler; does nothing where no preview is due.</summary>
    public static void Offer(this PreviewDesk desk, Row row)
    {
        int every = row.Request.PreviewEvery, done = row.Memory.StepsDone;
        if (every == 0 || done / every <= row.PreviewedStep / every || done >= row.Request.StepsShown) return;
        row.PreviewedStep = done;
        var denoised = row.Stage!.Denoised;
        var (memory, shape) = (row.Memory, row.Memory.Shape);
        if (denoised.IsEmpty || memory.Model.Preview is not { } look) return;
        int factor = memory.Model.Description.LatentFactor;
        desk.Offer(new PreviewSketch(row.Job.Job.Id, memory.Index, done, shape, shape.Width * factor, shape.Height * factor, denoised.ToArray(), look));
    }
}
