using Darkroom.Diffusion.Measuring;
using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Stages;

/// <summary>Looks at what the encoder made of a noisy picture, and has the sampler begin at the level that it was found to have.</summary>
internal sealed class BeginFromNoise(RowMemory row) : Stage
{
    public override JobFailure? Start()
    {
        var (noisy, model) = (row.Noisy!, row.Model.Description);
        var found = noisy.Find(row.Shape.Length);
        row.Finding = new() { Noise = found };
        if (noisy.IsClean)
        {
            row.Warn(row.Request.Denoise is { Noise: not null }
                ? "a noise of less than an eighth of a step of 8 bits is taken for none: the picture is as it was sent"
                : "no noise was found in the picture: it is as it was sent; a noise that is given is taken for what there is");
            row.IsFinished = true;
            row.StepsDone = row.Request.Steps;
            return null;
        }
        try
        {
            var levels = TrainingLevels.Of(model.SamplerClass, model.SamplerConfig);
            double max = levels[levels.Count - 1].Ratio, level = Math.Min(found.Level, max);
            if (level < found.Level) row.Warn(FormattableString.Invariant($"the noise is stronger than any that the model knows, and is taken for {max:0.##}"));
            row.Start = new(levels.Denoiser(level, row.Request.Steps), 0);
            return null;
        }
        catch (NotSupportedException e)
        {
            return new JobFailure(JobFailureKind.GraphMismatch, e.Message);
        }
    }
}
