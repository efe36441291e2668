using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// DPM-Solver-12 and -23 (Lu et al. 2022, appendix C): each step is taken in two orders, whose difference sets the size of the next one or takes
/// the step back. Where a bound is set, the last step that it allows goes straight to the end and holds whatever its error, so that every run
/// ends in clean latents.
/// </summary>
internal sealed class DpmAdaptiveSampler : ISampler
{
    private const int Origin = 1, Epsilon = 2, Low = 3, LowBefore = 4;
    private const int S = 0, Controller = 1, Accepted = Controller + StepSizeController.ScalarCount, Rejected = Accepted + 1;

    private readonly Denoiser denoiser;
    private readonly KDiffusionOptions options;
    private readonly StepSizeController controller;
    private readonly double start, end, eta;
    private readonly int order;

    public DpmAdaptiveSampler(double min, double max, int? bound, Denoiser denoiser, KDiffusionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(min);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        order = options.Order ?? 3;
        if (order is not (2 or 3)) throw new ArgumentException($"dpm_adaptive has order 2 or 3, not {order}.");
        this.denoiser = denoiser;
        this.options = options;
        eta = options.Eta ?? 0;
        BrownianRange = (min, max);
        (start, end) = (DpmSolverStep.Time(max), DpmSolverStep.Time(min));
        Steps = bound ?? int.MaxValue;
        controller = new(options.PCoeff, options.ICoeff, options.DCoeff, eta != 0 ? 1.5 : order, options.AcceptSafety);
    }

    public IReadOnlyList<double> Timesteps => [];

    public IReadOnlyList<double> Sigmas => [];

    /// <summary>The largest number of steps tried; none where a run begins at its end.</summary>
    public int Steps { get; }

    public int CallsPerStep => order;

    public double InitialScale => KDiffusionSampler.StartScale(denoiser, options, BrownianRange.Max);

    /// <summary>0 denoised, 1 x before the step, 2 its first slope, then the draw, 3 the lower order's result, 4 that of the last step that held.</summary>
    public int SlotCount => 5;

    /// <summary>Time reached, controller, steps that held, steps taken back.</summary>
    public int ScalarCount => Rejected + 1;

    public (double Min, double Max) BrownianRange { get; }

    /// <exception cref="ArgumentOutOfRangeException">The index is not 0: the later points are not known beforehand.</exception>
    public void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(index, 0);
        if (options.UnitVarianceStart) Latents.Add(latents, InitialScale, noise);
        else denoiser.AddNoise(latents, noise, BrownianRange.Max);
    }

    public void AddNoiseAt(in EvaluationPoint point, SamplerState state, Span<float> latents, ReadOnlySpan<float> noise) =>
        denoiser.AddNoise(latents, noise, point.Sigma);

    public (double Skip, double Out)? DenoisedFrom(in EvaluationPoint point, SamplerState state) => denoiser.Scalings(point.Sigma);

    public void Start(SamplerState state, Span<float> latents, INoiseSource noise)
    {
        state.Scalars[S] = start;
        state.Scalars[Controller] = Math.Abs(options.HInit);
        latents.CopyTo(state.Slot(LowBefore));
    }

    public bool Next(SamplerState state, out EvaluationPoint point)
    {
        if (state.Scalars[S] >= end - 1e-5)
        {
            point = default;
            return false;
        }
        point = denoiser.PointAt(state.Calls / order, Step(state).Down.Inner((double)(state.Calls % order) / order));
        return true;
    }

    public void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        Span<float> x = state.Slot(Origin), epsilon = state.Slot(Epsilon), denoised = state.Denoised;
        var (step, up, t) = Step(state);
        int stage = state.Calls % order;
        double sigma = step.Inner((double)stage / order);
        denoiser.Denoise(sigma, latents, output, denoised);
        switch (order, stage)
        {
            case (_, 0):
                latents.CopyTo(x);
                Latents.Combine(epsilon, 1 / sigma, latents, -1 / sigma, denoised);
                if (order == 2) Latents.Combine(state.Slot(Low), 1, x, -step.First(1), epsilon);
                Latents.Add(latents, -step.First(1.0 / order), epsilon);
                break;
            case (3, 1):
                DpmSolverStep.Reach(state.Slot(Low), x, step.First(1), epsilon, step.Second(1.0 / 3), sigma, latents, denoised);
                DpmSolverStep.Reach(latents, x, step.First(2.0 / 3), epsilon, step.ThirdInner(), sigma, latents, denoised);
                break;
            default:
                double b = order == 2 ? step.Second(0.5) : step.Third();
                DpmSolverStep.Reach(latents, x, step.First(1), epsilon, b, sigma, latents, denoised);
                AcceptOrReject(state, latents, t, up, noise);
                break;
        }
        state.Index++;
    }

    /// <summary>The step being tried, cut short for ancestral noise, that noise, and the time after both.</summary>
    private (DpmSolverStep Down, double Up, double T) Step(SamplerState state)
    {
        double s = state.Scalars[S];
        double t = IsLastAllowed(state) ? end : Math.Min(end, s + state.Scalars[Controller]);
        var (down, up) = new DpmSolverStep(s, t).Ancestral(eta, end);
        return (down, up, t);
    }

    /// <summary>The step holds and gets its noise, or the latents go back.</summary>
    private void AcceptOrReject(SamplerState state, Span<float> latents, double t, double up, INoiseSource noise)
    {
        bool last = IsLastAllowed(state);
        double error = Error(state.Slot(Low), latents, state.Slot(LowBefore));
        if (controller.Propose(state.Scalars.AsSpan(Controller, StepSizeController.ScalarCount), error) || last)
        {
            state.Slot(Low).CopyTo(state.Slot(LowBefore));
            var draw = state.Slot(Epsilon);
            noise.Normal(draw);
            Latents.Add(latents, options.SNoise * up, draw);
            state.Scalars[S] = t;
            state.Scalars[Accepted]++;
        }
        else
        {
            state.Slot(Origin).CopyTo(latents);
            state.Scalars[Rejected]++;
        }
    }

    private bool IsLastAllowed(SamplerState state) => state.Calls / order >= Steps - 1;

    /// <summary>Root mean square of low − high, in units of what is allowed.</summary>
    private double Error(ReadOnlySpan<float> low, ReadOnlySpan<float> high, ReadOnlySpan<float> before)
    {
        double sum = 0;
        for (int i = 0; i < low.Length; i++)
        {
            double allowed = Math.Max(options.Atol, options.Rtol * Math.Max(Math.Abs(low[i]), Math.Abs(before[i])));
            double off = (low[i] - high[i]) / allowed;
            sum += off * off;
        }
        return Math.Sqrt(sum / low.Length);
    }

    /// <summary>Steps that held and steps taken back so far.</summary>
    internal static (int Accepted, int Rejected) Counts(SamplerState state) => ((int)state.Scalars[Accepted], (int)state.Scalars[Rejected]);
}
