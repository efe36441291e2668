using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Samplers.KDiffusion;
using Darkroom.Diffusion.Samplers.Timesteps;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Samplers;

/// <summary>
/// Samplers as A1111 and ComfyUI run them: k-diffusion's functions on their own noise levels, and A1111's DDIM, PLMS and UniPC on training timesteps.
/// A run that begins late is made of what is left of its schedule alone.
/// </summary>
internal static class CompatibleSamplers
{
    /// <summary>ComfyUI compares a run's first level with the model's largest to this share.</summary>
    private const double SameLevel = 1e-5;

    /// <exception cref="NotSupportedException">The program has no such sampler, no such schedule for it, or no rule for the model.</exception>
    public static ISampler Create(SamplerInfo sampler, SamplerChoice choice, string schedule, SigmaConvention convention)
    {
        if (SamplerCatalog.IsFlowClass(choice.ModelClass))
            throw new NotSupportedException(
                $"Models of '{choice.ModelClass}' were trained by flow matching and have no noise levels of {NameOf(convention)}'s rules.");
        var schedules = sampler.SchedulesIn(convention);
        if (schedules.Count == 0) throw new NotSupportedException($"{NameOf(convention)} has no sampler '{sampler.Name}' that is followed here.");
        if (!schedules.Contains(schedule))
            throw new NotSupportedException(
                $"schedule '{schedule}' means nothing with sampler '{sampler.Name}' in {NameOf(convention)}; these do: {string.Join(", ", schedules)}.");
        var prediction = PredictionTypeNames.Parse(choice.ModelConfig.PredictionType);
        if (convention == SigmaConvention.A1111 && sampler.KDiffusion is null) return OnTimesteps(sampler, choice, prediction);

        var discrete = DiscreteSigmas.Of(choice.ModelConfig);
        bool comfy = convention == SigmaConvention.ComfyUi;
        double[] whole = Levels(sampler, schedule, convention, discrete, choice);
        double[] levels = Left(whole, choice, convention);
        if (comfy && sampler.Name == "unipc")
            return TimestepUniPC.ComfyUi(levels, discrete.Quantized, prediction, IsLargest(levels[0], discrete));
        return KDiffusionSamplers.Create(
            sampler.KDiffusion ?? "sample_euler", // ComfyUI's ddim
            levels, comfy ? discrete.Quantized : sampler.IsDistilled ? LcmLevels.Times(discrete) : discrete.Continuous, prediction,
            OptionsOf(sampler, choice, convention, discrete, whole, levels));
    }

    private static KDiffusionOptions OptionsOf(
        SamplerInfo sampler, SamplerChoice choice, SigmaConvention convention, DiscreteSigmas discrete, double[] whole, double[] levels)
    {
        var options = SamplerFactory.OptionsOf(choice) with
        {
            Eta = choice.Eta ?? sampler.DefaultEtaIn(convention),
            Steps = levels.Length - 1,
            SigmaMax = levels[0],
            SigmaMin = levels[^1] > 0 && convention == SigmaConvention.ComfyUi ? levels[^1] : levels[^2],
        };
        if (convention == SigmaConvention.ComfyUi) return options with { UnitVarianceStart = IsLargest(levels[0], discrete) };
        // A1111 lays its Brownian tree over the whole schedule, and gives the samplers without one the model's own ends.
        options = options with { BrownianRange = (whole.Where(level => level > 0).Min(), whole.Max()) };
        return choice.IsPicture ? options : options with { SigmaMin = discrete.Min, SigmaMax = discrete.Max, Steps = choice.Steps };
    }

    private static bool IsLargest(double level, DiscreteSigmas discrete) => level >= discrete.Max * (1 - SameLevel);

    private static ISampler OnTimesteps(SamplerInfo sampler, SamplerChoice choice, PredictionType prediction)
    {
        // A1111's t_enc: one step is always run.
        var run = TimestepRun.Of(choice.ModelConfig, choice.Steps, choice.IsPicture ? choice.Steps - choice.SkippedSteps - 1 : null);
        return sampler.Name switch
        {
            "ddim" => new TimestepDdim(run, prediction, choice.Eta ?? 0),
            "pndm" => new TimestepPlms(run, prediction),
            _ => TimestepUniPC.A1111(run, prediction),
        };
    }

    private static double[] Levels(SamplerInfo sampler, string schedule, SigmaConvention convention, DiscreteSigmas discrete, SamplerChoice choice)
    {
        string rule = schedule != ScheduleCatalog.Default ? schedule : convention == SigmaConvention.A1111 ? sampler.AutomaticSchedule : "normal";
        bool drops = sampler.DropsPenultimateIn.Contains(convention);
        double[] levels = SigmaScheduleCatalog.Levels(rule, convention, discrete, choice.Steps + (drops ? 1 : 0), choice.AlignYourSteps);
        return drops ? PenultimateLevel.Drop(levels) : levels;
    }

    /// <summary>What is left of a schedule: A1111 counts from its front, ComfyUI from its end. At least one step is run.</summary>
    private static double[] Left(double[] levels, SamplerChoice choice, SigmaConvention convention)
    {
        int run = choice.Steps - choice.SkippedSteps;
        int first = convention == SigmaConvention.A1111 || choice.SkippedSteps == 0 ? choice.SkippedSteps : Math.Max(levels.Length - (run + 1), 0);
        return levels[Math.Clamp(first, 0, levels.Length - 2)..];
    }

    private static string NameOf(SigmaConvention convention) => convention == SigmaConvention.A1111 ? "AUTOMATIC1111" : "ComfyUI";
}
