using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Schedules;

/// <summary>Which of diffusers' schedule options one of its exponential solvers knows; what a class does not know it ignores.</summary>
internal sealed record SolverScheduleRules
{
    /// <summary>timestep_spacing and steps_offset; without them linspace.</summary>
    public bool Spacing { get; init; }

    /// <summary>lambda_min_clipped.</summary>
    public bool LambdaClip { get; init; }

    /// <summary>rescale_betas_zero_snr, with the last ᾱ set to 2⁻²⁴.</summary>
    public bool ZeroSnr { get; init; }

    /// <summary>use_lu_lambdas.</summary>
    public bool LuLambdas { get; init; }

    /// <summary>sigma_min and sigma_max in place of the training ends.</summary>
    public bool SigmaEnds { get; init; }

    /// <summary>final_sigmas_type; without it the last sigma is the lowest, never zero.</summary>
    public bool FinalSigma { get; init; }

    /// <summary>The lowest last sigma of karras, exponential, beta and flow is the rule's own, repeated; else the training schedule's.</summary>
    public bool RepeatsLowest { get; init; }

    /// <summary>Flow levels start at 1 and may be given or stretched (UniPC); else they end above 0.</summary>
    public bool FlowFromOne { get; init; }

    /// <summary>A list of timesteps may be given.</summary>
    public bool GivenTimesteps { get; init; }

    /// <summary>Under the cosine beta schedule karras timesteps are cut, not rounded.</summary>
    public bool CutsOnCosine { get; init; }
}

/// <summary>Timesteps of n calls and n + 1 noise ratios σ/α (for flow: σ), in float32 as diffusers keeps them.</summary>
internal sealed record SolverSchedule(double[] Timesteps, double[] Sigmas, float[] AlphasCumprod, bool EndsAtZero)
{
    private const float LastOfZeroSnr = 1f / (1 << 24);

    /// <exception cref="NotSupportedException">An option has an unknown value, or a list was given where the class takes none.</exception>
    public static SolverSchedule Create(SamplerConfig config, SamplerRun run, SolverScheduleRules rules)
    {
        CheckLists(config, run, rules);
        int steps = run.Timesteps?.Count ?? run.Sigmas?.Count ?? run.Steps;
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        float[] bars = BetaSchedule.AlphasCumprod(config, rules.ZeroSnr, LastOfZeroSnr), training = DiffusersSigmas.Training(bars);
        bool flow = config.UseFlowSigmas == true;

        bool ownRule = true;
        if (!Respaced(config, run, rules, steps, training, out double[] timesteps, out double[] sigmas))
        {
            if (flow)
            {
                sigmas = SolverFlowSigmas.Create(config, run, steps, rules.FlowFromOne);
                timesteps = FlowTimesteps(sigmas, config);
            }
            else
            {
                ownRule = false;
                timesteps = run.Timesteps is { } given ? [.. given.Select(Math.Truncate)] : Spaced(config, rules, steps, bars);
                sigmas = DiffusersSigmas.Interpolate(timesteps, training);
            }
        }

        double lowest = rules.RepeatsLowest && ownRule ? sigmas[^1] : training[0];
        bool zero = rules.FinalSigma && EndsInZero(config.FinalSigmasType);
        return new(timesteps, [.. sigmas.Append(zero ? 0 : lowest).Select(sigma => (double)(float)sigma)], bars, zero);
    }

    /// <summary>Levels spread by Karras, Lu, exponential or beta, and their timesteps from the log-sigma table; false where none is asked for.</summary>
    private static bool Respaced(
        SamplerConfig config, SamplerRun run, SolverScheduleRules rules, int steps, float[] training, out double[] timesteps, out double[] sigmas)
    {
        // Where levels are given they stand for the training schedule, whatever their direction.
        double first = run.Sigmas?[0] ?? training[0], last = run.Sigmas?[^1] ?? training[^1];
        double min = (rules.SigmaEnds ? config.SigmaMin : null) ?? first, max = (rules.SigmaEnds ? config.SigmaMax : null) ?? last;
        bool karras = config.UseKarrasSigmas == true, lu = !karras && rules.LuLambdas && config.UseLuLambdas == true;
        double low = (float)Math.Log(training[0]), high = (float)Math.Log(training[^1]);
        sigmas = (lu ? SigmaRules.Spread(steps, ramp => Math.Exp(high + ramp * (low - high))) : DiffusersSigmas.Respaced(config, steps, max, min))!;
        timesteps = [];
        if (sigmas is null)
            return false;
        if (karras && rules.FlowFromOne && config.UseFlowSigmas == true)
        {
            sigmas = Array.ConvertAll(sigmas, sigma => sigma / (sigma + 1));
            timesteps = FlowTimesteps(sigmas, config);
            return true;
        }
        var table = new LogSigmaTable(training);
        // diffusers rounds Karras' and Lu's timesteps but lets the cast to an integer cut the others: 998.9999 becomes 998.
        bool rounds = (karras || lu) && !(rules.CutsOnCosine && config.BetaSchedule == "squaredcos_cap_v2");
        timesteps = Array.ConvertAll(sigmas, sigma => rounds ? Math.Round(table.TimestepOf(sigma)) : Math.Truncate(table.TimestepOf(sigma)));
        return true;
    }

    private static double[] FlowTimesteps(double[] sigmas, SamplerConfig config) =>
        Array.ConvertAll(sigmas, sigma => Math.Truncate(sigma * (config.NumTrainTimesteps ?? 1000)));

    private static double[] Spaced(SamplerConfig config, SolverScheduleRules rules, int steps, float[] bars)
    {
        int trained = config.NumTrainTimesteps ?? 1000, clipped = rules.LambdaClip ? Clipped(bars, config.LambdaMinClipped) : 0;
        return SolverTimesteps.Create(
            rules.Spacing ? config.TimestepSpacing ?? "linspace" : "linspace", steps, trained, trained - clipped, config.StepsOffset ?? 0);
    }

    /// <summary>Whether final_sigmas_type, as far as a class knows it, says zero (diffusers' default).</summary>
    internal static bool EndsInZero(string? finalSigmasType) => finalSigmasType switch
    {
        null or "zero" => true,
        "sigma_min" => false,
        var other => throw new NotSupportedException($"final_sigmas_type '{other}' is unknown; known are zero, sigma_min."),
    };

    /// <summary>Training steps whose λ lies below the bound.</summary>
    private static int Clipped(float[] bars, double? bound) =>
        bars.Count(bar => MathF.Log(MathF.Sqrt(bar)) - MathF.Log(MathF.Sqrt(1 - bar)) < (float)(bound ?? double.NegativeInfinity));

    private static void CheckLists(SamplerConfig config, SamplerRun run, SolverScheduleRules rules)
    {
        if (run.Timesteps is not null && !rules.GivenTimesteps)
            throw new NotSupportedException("timesteps: this sampler takes none; give a count of steps.");
        if (run.Sigmas is not null && !(rules.FlowFromOne && config.UseFlowSigmas == true))
            throw new NotSupportedException("sigmas: this sampler takes a list only for flow models, and only UniPC does; give a count of steps.");
        bool rule = config.UseKarrasSigmas == true || config.UseExponentialSigmas == true || config.UseBetaSigmas == true
            || (rules.LuLambdas && config.UseLuLambdas == true);
        if (run.Timesteps is not null && rule)
            throw new NotSupportedException("timesteps: a list cannot be given together with a sigma rule (use_karras_sigmas and the like).");
    }
}
