using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>The timesteps of distilled models (LCM, TCD): an even pick from those that the student was trained on.</summary>
/// <param name="Values">Falling.</param>
/// <param name="Steps">
/// Steps that the rule counts to find its last one; more than there are values where a strength shortened a custom list, and then none is last.
/// </param>
internal sealed record DistilledTimesteps(double[] Values, int Steps)
{
    /// <param name="config">original_inference_steps, num_train_timesteps.</param>
    /// <param name="run">Steps or timesteps, strength.</param>
    /// <param name="className">For messages.</param>
    /// <param name="anyWhenAsked">TCD: a run that names the teacher's steps may pick from all timesteps instead.</param>
    public static DistilledTimesteps Make(SamplerConfig config, SamplerRun run, string className, bool anyWhenAsked)
    {
        ClassOptions.NoCustom(run, className, timesteps: false);
        int trained = config.NumTrainTimesteps ?? 1000;
        double strength = run.Strength ?? 1;
        if (run.Timesteps is { } custom)
        {
            double[] own = ClassOptions.CustomTimesteps(custom, trained, className);
            return new(own[(own.Length - Math.Min((int)(own.Length * strength), own.Length))..], own.Length);
        }
        int original = run.OriginalInferenceSteps ?? config.OriginalInferenceSteps ?? LcmLevels.TeacherSteps;
        bool any = anyWhenAsked && run.OriginalInferenceSteps is not null;
        if (original > trained && !any)
            throw new NotSupportedException($"{className}: original_inference_steps {original} exceeds num_train_timesteps {trained}.");
        int spacing = any ? 1 : trained / original, offset = any ? 0 : spacing - 1;
        int count = (int)((any ? trained : original) * strength);
        if (run.Steps < 1 || run.Steps > Math.Min(original, count))
            throw new NotSupportedException(
                $"{className} has no {run.Steps} steps: original_inference_steps is {original} and strength {strength}, which leaves {Math.Min(original, count)}.");

        var values = new double[run.Steps];
        double stride = (double)count / run.Steps;
        for (int i = 0; i < values.Length; i++)
            values[i] = (count - 1 - (int)Math.Floor(i * stride)) * spacing + offset;
        return new(values, run.Steps);
    }
}
