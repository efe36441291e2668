using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// DPM-Solver-Fast (Lu et al. 2022, section 3.4): a given number of calls spent on third-order steps of equal length in ln σ, the rest on
/// lower orders at the end.
/// </summary>
internal sealed class DpmFastSampler : KDiffusionSampler
{
    private const int X = 1, Epsilon = 2;
    private readonly FastStep[] steps;

    /// <summary>One step: where it leads, its order, and the noise after it.</summary>
    private readonly record struct FastStep(DpmSolverStep Solver, double TNext, int Order, double Up);

    public DpmFastSampler(double min, double max, int calls, Denoiser denoiser, KDiffusionOptions options)
        : this(Plan(min, max, calls, options.Eta ?? 0), denoiser, options) { }

    private DpmFastSampler(FastStep[] steps, Denoiser denoiser, KDiffusionOptions options)
        : base([.. steps.Select(s => s.Solver.Start), DpmSolverStep.Sigma(steps[^1].TNext)], denoiser, options, Points(steps)) => this.steps = steps;

    /// <summary>0 denoised, 1 x before the step, 2 its first slope, then the draw.</summary>
    public override int SlotCount => 3;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        Span<float> x = state.Slot(X), epsilon = state.Slot(Epsilon);
        var (step, _, order, up) = steps[call.Step];
        int stage = Stage(state);
        if (stage == 0)
        {
            latents.CopyTo(x);
            Latents.Combine(epsilon, 1 / call.Sigma, latents, -1 / call.Sigma, denoised);
            Latents.Add(latents, -step.First(1.0 / order), epsilon);
        }
        else
        {
            var (a, b) = (order, stage) switch
            {
                (2, _) => (step.First(1), step.Second(0.5)),
                (_, 1) => (step.First(2.0 / 3), step.ThirdInner()),
                _ => (step.First(1), step.Third()),
            };
            DpmSolverStep.Reach(latents, x, a, epsilon, b, call.Sigma, latents, denoised);
        }
        if (stage == order - 1) AddDraw(latents, Options.SNoise * up, epsilon, noise);
    }

    private static FastStep[] Plan(double min, double max, int calls, double eta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(min);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        int parts = calls / 3 + 1;
        int[] orders = calls % 3 == 0
            ? [.. Enumerable.Repeat(3, parts - 2), 2, 1]
            : [.. Enumerable.Repeat(3, parts - 1), calls % 3];
        double start = DpmSolverStep.Time(max), end = DpmSolverStep.Time(min);
        double At(int i) => start + (end - start) * i / parts;
        return [.. orders.Select((order, i) =>
        {
            var (down, up) = new DpmSolverStep(At(i), At(i + 1)).Ancestral(eta, end);
            return new FastStep(down, At(i + 1), order, up);
        })];
    }

    private static IEnumerable<(int Step, double Sigma)> Points(FastStep[] steps)
    {
        for (int i = 0; i < steps.Length; i++)
            for (int stage = 0; stage < steps[i].Order; stage++)
                yield return (i, steps[i].Solver.Inner((double)stage / steps[i].Order));
    }
}
