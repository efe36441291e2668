using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Samplers.Diffusers;
using Darkroom.Diffusion.Samplers.KDiffusion;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Samplers;

/// <summary>
/// A request's choice and a model's configuration, made into a sampler. The rule is diffusers' class with the options of the catalog; where diffusers
/// has no rule for the schedule, k-diffusion's function runs on ComfyUI's noise levels; where it has no class at all, on A1111's usual ones.
/// </summary>
public static class SamplerFactory
{
    /// <summary>The sampler of a run that leaves out the first steps, and where in its timesteps the run begins.</summary>
    /// <exception cref="NotSupportedException">The combination has no meaning; the message says which does.</exception>
    public static SamplerStart Start(SamplerChoice choice)
    {
        var sampler = Create(choice);
        // k-diffusion's rules are made on the levels that are left: churn, Restart and multistep weights depend on where the list begins.
        return choice.Convention is not null || sampler is KDiffusionSampler || sampler.Timesteps.Count == 0
            ? new(sampler, 0)
            : new(sampler, choice.SkippedSteps * sampler.CallsPerStep);
    }

    /// <exception cref="NotSupportedException">The combination has no meaning; the message says which does.</exception>
    public static ISampler Create(SamplerChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var sampler = Of(choice);
        string schedule = choice.Schedule ?? ScheduleCatalog.Default;
        if (choice.Convention is { } convention)
            return CompatibleSamplers.Create(
                sampler ?? throw new NotSupportedException($"'{choice.ModelClass}' is the sampler of diffusers alone; name another one."),
                choice, schedule, convention);
        if (sampler is null)
            return DiffusersSamplers.Create(choice.ModelClass, Scheduled(choice.ModelConfig, schedule), RunOf(choice, null));

        var schedules = sampler.SchedulesFor(choice.ModelClass);
        if (!schedules.Contains(schedule))
            throw new NotSupportedException(
                $"schedule '{schedule}' means nothing with sampler '{sampler.Name}'; these do: {string.Join(", ", schedules)}.");

        // The model's own class keeps the model's own options (its order, its algorithm); a chosen sampler brings the catalog's.
        var config = choice.Sampler is null ? choice.ModelConfig : sampler.Options(choice.ModelConfig);
        if (SamplerCatalog.IsFlowClass(choice.ModelClass))
            return Flow(sampler, config, choice, schedule);
        if (sampler.DiffusersClass is not { } diffusersClass)
            return KDiffusion(sampler, config, choice, schedule);
        if (sampler.Kind == SamplerKind.Stochastic && choice.Eta is { } eta && eta != sampler.DefaultEta)
            return AncestralOfEta(sampler, Scheduled(config, schedule), choice, eta);
        return FollowsRuleOfDiffusers(sampler, schedule)
            ? DiffusersSamplers.Create(diffusersClass, Scheduled(config, schedule), RunOf(choice, sampler))
            : KDiffusion(sampler, config, choice, schedule);
    }

    /// <summary>The catalog's entry of the chosen sampler, or of the model's own class; null for a class that the catalog does not list.</summary>
    /// <exception cref="NotSupportedException">The name is unknown.</exception>
    public static SamplerInfo? Of(SamplerChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return choice.Sampler is { } name
            ? SamplerCatalog.Find(name) ?? throw new NotSupportedException($"There is no sampler '{name}'.")
            : SamplerCatalog.OfClass(choice.ModelClass);
    }

    /// <summary>Whether diffusers has a rule for the schedule; k-diffusion's function runs the others.</summary>
    internal static bool FollowsRuleOfDiffusers(SamplerInfo sampler, string schedule) => schedule switch
    {
        ScheduleCatalog.Default or "simple" or "sgm_uniform" or "lcm" => true,
        "karras" or "exponential" or "beta" => sampler.DiffusersClass != "EulerAncestralDiscrete",
        _ => false,
    };

    private static SamplerConfig Scheduled(SamplerConfig config, string schedule)
    {
        if (schedule is ScheduleCatalog.Default or "lcm") return config;
        var plain = config with { UseKarrasSigmas = null, UseExponentialSigmas = null, UseBetaSigmas = null, UseLuLambdas = null };
        return schedule switch
        {
            "karras" => plain with { UseKarrasSigmas = true, SigmaSchedule = "karras" },
            "exponential" => plain with { UseExponentialSigmas = true, SigmaSchedule = "exponential" },
            "beta" => plain with { UseBetaSigmas = true },
            "simple" or "sgm_uniform" => plain with { TimestepSpacing = "trailing" },
            _ => plain,
        };
    }

    private static SamplerRun RunOf(SamplerChoice choice, SamplerInfo? sampler) => new()
    {
        Steps = choice.Steps,
        Strength = choice.TeacherShare,
        // diffusers' pipelines hand their own eta, 0, to every class that takes one.
        Eta = sampler is { Kind: SamplerKind.Deterministic, DefaultEta: { } own } ? choice.Eta ?? own : null,
        SChurn = choice.SChurn ?? 0,
        STmin = choice.STmin ?? 0,
        STmax = choice.STmax ?? double.PositiveInfinity,
        SNoise = choice.SNoise,
    };

    /// <summary>A straight-path model's levels are its own, which k-diffusion's rules for training betas know nothing of.</summary>
    private static ISampler Flow(SamplerInfo sampler, SamplerConfig config, SamplerChoice choice, string schedule)
    {
        if (!sampler.TakesFlow) throw new NotSupportedException($"sampler '{sampler.Name}' means nothing with '{choice.ModelClass}'.");
        if (choice.Shift is { } shift) config = config with { Shift = shift, UseDynamicShifting = false };
        var run = RunOf(choice, sampler) with
        {
            Mu = config.UseDynamicShifting == true && choice.ImageTokens is { } tokens ? DynamicShift.Of(config, tokens) : null,
        };
        if (sampler.FlowClass is not { } flowClass)
            return DiffusersSamplers.Create(
                sampler.DiffusersClass!, config with { UseFlowSigmas = true, PredictionType = "flow_prediction", FlowShift = config.Shift }, run);
        if (choice.SpreadsLevelsEvenly && flowClass == "FlowMatchEulerDiscrete") run = run with { Sigmas = EvenLevels(choice.Steps) };
        return DiffusersSamplers.Create(flowClass, Scheduled(config, schedule), run);
    }

    /// <summary>n levels from 1 to 1/n.</summary>
    private static double[] EvenLevels(int steps) => [.. Enumerable.Range(0, steps).Select(step => 1 - step / (double)steps)];

    private static ISampler KDiffusion(SamplerInfo sampler, SamplerConfig config, SamplerChoice choice, string schedule)
    {
        var discrete = DiscreteSigmas.Of(config);
        var options = OptionsOf(choice) with { Steps = choice.Steps, SigmaMin = discrete.Min, SigmaMax = discrete.Max };
        if (sampler.Support == ScheduleSupport.Own)
            options = options with
            {
                Steps = choice.Steps - choice.SkippedSteps,
                // The last of these levels is the lowest of training but for its last digit, on either side.
                SigmaMax = Math.Max(discrete.Min, SigmaScheduleCatalog.Levels("normal", SigmaConvention.A1111, discrete, choice.Steps)[choice.SkippedSteps]),
            };
        double[]? levels = sampler.Support == ScheduleSupport.Own ? null : schedule == ScheduleCatalog.Default
            ? Levels(sampler, sampler.AutomaticSchedule, SigmaConvention.A1111, discrete, choice)
            : Levels(sampler, schedule, SigmaConvention.ComfyUi, discrete, choice);
        // A rule can give fewer levels than steps were asked; at least one step is run.
        levels = levels?[Math.Min(choice.SkippedSteps, levels.Length - 2)..];
        return KDiffusionSamplers.Create(sampler.KDiffusion!, levels, discrete.Continuous, PredictionTypeNames.Parse(config.PredictionType), options);
    }

    /// <summary>The level that one of the programs drops is dropped: dpmpp_3m_sde speckles where it is kept, as ComfyUI does.</summary>
    private static double[] Levels(SamplerInfo sampler, string schedule, SigmaConvention convention, DiscreteSigmas discrete, SamplerChoice choice) =>
        sampler.DropsPenultimateIn.Count == 0
            ? SigmaScheduleCatalog.Levels(schedule, convention, discrete, choice.Steps, choice.AlignYourSteps)
            : PenultimateLevel.Drop(SigmaScheduleCatalog.Levels(schedule, convention, discrete, choice.Steps + 1, choice.AlignYourSteps));

    /// <summary>diffusers' ancestral classes have no eta: k-diffusion's have, and run on the levels that diffusers would.</summary>
    private static ISampler AncestralOfEta(SamplerInfo sampler, SamplerConfig config, SamplerChoice choice, double eta)
    {
        if (sampler.DefaultEta is null)
            throw new NotSupportedException($"eta means nothing with sampler '{sampler.Name}'.");
        var levels = DiffusersSamplers.Create("EulerDiscrete", config, new SamplerRun { Steps = choice.Steps }).Sigmas;
        return KDiffusionSamplers.Create(
            sampler.KDiffusion!, [.. levels.Skip(choice.SkippedSteps)], DiscreteSigmas.Of(config).Continuous, PredictionTypeNames.Parse(config.PredictionType),
            OptionsOf(choice) with { Eta = eta });
    }

    /// <summary>The arguments of k-diffusion's functions that a request names.</summary>
    internal static KDiffusionOptions OptionsOf(SamplerChoice choice) => new()
    {
        Eta = choice.Eta,
        SChurn = choice.SChurn ?? 0,
        STmin = choice.STmin ?? 0,
        STmax = choice.STmax ?? double.PositiveInfinity,
        SNoise = choice.SNoise ?? 1,
    };
}
