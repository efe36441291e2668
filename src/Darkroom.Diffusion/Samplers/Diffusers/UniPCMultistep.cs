using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// diffusers' UniPCMultistepScheduler (Zhao et al. 2023, "UniPC", algorithms 5 to 8): every call first corrects the latents with the fresh model
/// value (UniC), then predicts the next (UniP), both from the same expansion in the differences of past model values.
/// </summary>
internal sealed class UniPCMultistep : ExponentialIntegrator
{
    private static readonly SolverScheduleRules Rules = new()
    {
        Spacing = true, ZeroSnr = true, SigmaEnds = true, FinalSigma = true, RepeatsLowest = true, FlowFromOne = true,
    };

    private readonly int maxOrder;
    private readonly bool predictX0;
    private readonly bool bh1;
    private readonly bool lowerOrderFinal;
    private readonly int[] disableCorrector;

    private UniPCMultistep(SamplerConfig config, SolverTables tables, int order, bool predictX0)
        : base(tables, order + 1, predictsNoise: !predictX0)
    {
        maxOrder = order;
        this.predictX0 = predictX0;
        bh1 = config.SolverType == "bh1";
        lowerOrderFinal = config.LowerOrderFinal ?? true;
        disableCorrector = config.DisableCorrector ?? [];
    }

    public static UniPCMultistep Create(SamplerConfig config, SamplerRun run)
    {
        if (config.SolverType is not (null or "bh1" or "bh2" or "midpoint" or "heun" or "logrho"))
            throw new NotSupportedException($"solver_type '{config.SolverType}' is unknown; known are bh1, bh2.");
        var tables = SolverTables.Create(config, SolverSchedule.Create(config, run, Rules));
        bool predictX0 = config.PredictX0 ?? true;
        if (!predictX0)
            tables = tables with { Thresholding = Prediction.Thresholding.None };
        return new(config, tables, Math.Max(config.SolverOrder ?? 2, 1), predictX0);
    }

    /// <summary>The rule on tables of another program: x₀ predicted, lower orders at the end.</summary>
    internal static UniPCMultistep Of(SolverTables tables, int order, bool bh1) =>
        new(new SamplerConfig { SolverType = bh1 ? "bh1" : "bh2" }, tables, order, predictX0: true);

    /// <summary>The latents that the last prediction started from.</summary>
    protected override int OwnSlots => 1;

    protected override void Move(SamplerState state, Span<float> latents, INoiseSource noise)
    {
        int i = state.Index;
        Span<float> start = state.Slot(FirstOwnSlot);
        if (state.Calls > 0 && !disableCorrector.AsSpan().Contains(i - 1))
            Update(state, latents, start, i - 1, OrderOf(i - 1, state.Calls - 1), correct: true);
        latents.CopyTo(start);
        // The expansion has no limit for every B(h) where λ is infinite; the ODE's own end is x₀.
        if (At(i + 1).Sigma == 0)
            state.Slot(0).CopyTo(latents);
        else
            Update(state, latents, start, i, OrderOf(i, state.Calls), correct: false);
    }

    private int OrderOf(int index, int calls)
    {
        int order = Math.Min(maxOrder, calls + 1);
        return lowerOrderFinal ? Math.Min(order, Steps - index) : order;
    }

    /// <summary>From level s to the next, t: x_t = A·x_s − c·(e^hh − 1)·m₀ − c·B(h)·Σ ρ_k·D_k, D_k = (m_k − m₀)/r_k.</summary>
    private void Update(SamplerState state, Span<float> result, ReadOnlySpan<float> start, int s, int order, bool correct)
    {
        NoiseLevel from = At(s), to = At(s + 1);
        double h = to.Lambda - from.Lambda;
        if (h == 0)
        {
            start.CopyTo(result);
            return;
        }
        double hh = predictX0 ? -h : h, phi = Math.Exp(hh) - 1, bh = bh1 ? hh : phi;
        double ratio = predictX0 ? to.Sigma / from.Sigma : to.Alpha / from.Alpha, scale = predictX0 ? to.Alpha : to.Sigma;

        // Nodes r_k = (λ_k − λ_s)/h of past model values; the corrector's fresh one lies at r = 1.
        int past = order - 1, count = correct ? order : past, m0 = correct ? 1 : 0;
        Span<double> r = stackalloc double[count], rho = stackalloc double[count];
        for (int k = 0; k < past; k++)
            r[k] = (At(s - 1 - k).Lambda - from.Lambda) / h;
        if (correct)
            r[past] = 1;
        if (count == 1)
            rho[0] = 0.5;                          // the paper's shortcut; it keeps the order
        else if (count > 1)
            Match(rho, r, hh, phi, bh);

        double zeroth = -scale * phi;
        for (int k = 0; k < count; k++)
            zeroth += scale * bh * rho[k] / r[k];
        Latents.Combine(result, ratio, start, zeroth, Model(state, m0));
        for (int k = 0; k < count; k++)
            Latents.Add(result, -scale * bh * rho[k] / r[k], Model(state, k < past ? m0 + 1 + k : 0));
    }

    /// <summary>ρ such that Σ ρ_k·r_k^(n−1) = n!·φ_(n+1)(hh)·hh^n / B(h), n = 1…: equation 11 of the paper, φ by its recursion.</summary>
    private static void Match(Span<double> rho, ReadOnlySpan<double> r, double hh, double phi, double bh)
    {
        int size = r.Length;
        Span<double> matrix = stackalloc double[size * size];
        double term = phi / hh - 1, factorial = 1;
        for (int n = 0; n < size; n++)
        {
            for (int k = 0; k < size; k++)
                matrix[n * size + k] = n == 0 ? 1 : matrix[(n - 1) * size + k] * r[k];
            rho[n] = term * factorial / bh;
            factorial *= n + 2;
            term = term / hh - 1 / factorial;
        }
        LinearSystem.Solve(matrix, rho);
    }
}
