using Darkroom.Diffusion.Samplers;

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
        float[] bars = BetaSchedule.AlphasCumprod(config, rules.ZeroSnr, LastOfZeroSnr);
        var table = new LogSigmaTable(Array.ConvertAll(bars, Ratio));
        bool flow = config.UseFlowSigmas == true, karras = config.UseKarrasSigmas == true;
        CheckLists(config, run, rules);
        int steps = run.Timesteps?.Count ?? run.Sigmas?.Count ?? run.Steps;
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        int trained = config.NumTrainTimesteps ?? 1000;

        // Where levels are given they stand for the training schedule, whatever their direction.
        double first = run.Sigmas?[0] ?? Ratio(bars[0]), last = run.Sigmas?[^1] ?? Ratio(bars[^1]);
        double min = rules.SigmaEnds ? config.SigmaMin ?? first : first;
        double max = rules.SigmaEnds ? config.SigmaMax ?? last : last;
        double Rounded(double sigma) =>
            rules.CutsOnCosine && config.BetaSchedule == "squaredcos_cap_v2" ? Cut(sigma) : Math.Round(table.TimestepOf(sigma));
        double Cut(double sigma) => Math.Truncate(table.TimestepOf(sigma));

        double[] sigmas, timesteps;
        if (karras)
        {
            sigmas = SigmaRules.Karras(steps, min, max);
            if (flow && rules.FlowFromOne)
                sigmas = Array.ConvertAll(sigmas, sigma => sigma / (sigma + 1));
            timesteps = flow && rules.FlowFromOne
                ? Array.ConvertAll(sigmas, sigma => Math.Truncate(sigma * trained))
                : Array.ConvertAll(sigmas, Rounded);
        }
        else if (rules.LuLambdas && config.UseLuLambdas == true)
        {
            double low = (float)Math.Log(Ratio(bars[0])), high = (float)Math.Log(Ratio(bars[^1]));
            sigmas = SigmaRules.Spread(steps, ramp => Math.Exp(high + ramp * (low - high)));
            timesteps = Array.ConvertAll(sigmas, Rounded);
        }
        else if (config.UseExponentialSigmas == true)
        {
            sigmas = SigmaRules.Exponential(steps, min, max);
            timesteps = Array.ConvertAll(sigmas, Cut);
        }
        else if (config.UseBetaSigmas == true)
        {
            sigmas = SigmaRules.Beta(steps, min, max);
            timesteps = Array.ConvertAll(sigmas, Cut);
        }
        else if (flow)
        {
            sigmas = rules.FlowFromOne
                ? FlowSigmas.FromOne(steps, trained, config, run)
                : FlowSigmas.BelowOne(steps, trained, FlowSigmas.ShiftOf(config, run.Mu));
            timesteps = Array.ConvertAll(sigmas, sigma => Math.Truncate(sigma * trained));
        }
        else
        {
            int usable = trained - (rules.LambdaClip ? Clipped(bars, config.LambdaMinClipped ?? double.NegativeInfinity) : 0);
            string spacing = rules.Spacing ? config.TimestepSpacing ?? "linspace" : "linspace";
            timesteps = run.Timesteps is { } given
                ? [.. given.Select(Math.Truncate)]
                : SolverTimesteps.Create(spacing, steps, trained, usable, config.StepsOffset ?? 0);
            sigmas = Array.ConvertAll(timesteps, t => (double)Ratio(bars[(int)Math.Clamp(t, 0, bars.Length - 1)]));
        }

        bool ownRule = karras || config.UseExponentialSigmas == true || config.UseBetaSigmas == true || flow;
        double lowest = rules.RepeatsLowest && ownRule ? sigmas[^1] : Ratio(bars[0]);
        bool zero = rules.FinalSigma && EndsInZero(config.FinalSigmasType);
        return new(timesteps, [.. sigmas.Append(zero ? 0 : lowest).Select(sigma => (double)(float)sigma)], bars, zero);
    }

    /// <summary>Whether final_sigmas_type, as far as a class knows it, says zero (diffusers' default).</summary>
    internal static bool EndsInZero(string? finalSigmasType) => finalSigmasType switch
    {
        null or "zero" => true,
        "sigma_min" => false,
        var other => throw new NotSupportedException($"final_sigmas_type '{other}' is unknown; known are zero, sigma_min."),
    };

    private static float Ratio(float bar) => MathF.Sqrt((1 - bar) / bar);

    /// <summary>Training steps whose λ lies below the bound.</summary>
    private static int Clipped(float[] bars, double bound) =>
        bars.Count(bar => MathF.Log(MathF.Sqrt(bar)) - MathF.Log(MathF.Sqrt(1 - bar)) < (float)bound);

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
