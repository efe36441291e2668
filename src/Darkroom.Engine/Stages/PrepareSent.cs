using Darkroom.Diffusion.Noise;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages.Pictures;

namespace Darkroom.Engine.Stages;

/// <summary>Turns a row whose model and picture are there into one that can look at the picture: what it reads, its own noise, what is encoded.</summary>
internal sealed class PrepareSent(RowMemory row) : Stage
{
    public override JobFailure? Start()
    {
        var (request, description, work) = (row.Request, row.Model.Description, row.Work!);
        if (row.Encoder is null)
            return new JobFailure(JobFailureKind.GraphMismatch, $"Model '{request.Model}' has no encoder that a picture could go through.");
        row.Texts = row.Shared.Of(row, work.Width, work.Height);
        foreach (var read in row.Texts.ReadAt(0))
            if (read.Dropped is { } cut) row.Warn($"a text was cut after {read.DroppedAfter ?? description.TokenLength} tokens: '{cut}' was not read");
        row.Shape = description.LatentsOf(work.Width, work.Height);
        row.Noise = new RowNoise(SeededNoise.Restore(NoiseOfRow.SeedOf(request, row.Index)));
        row.Latents = new float[row.Shape.Length];
        if (request.Denoise is { } order) row.Inputs = row.Noisy = new NoisyPicture(work, order, description.IsPixelSpace, row.Noise);
        else row.Inputs = new SentPicture(work);
        return null;
    }
}
