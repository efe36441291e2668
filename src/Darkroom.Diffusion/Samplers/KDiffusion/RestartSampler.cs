using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// Restart (Xu et al. 2023): Heun steps down, and at chosen levels back up by noise and down again, as A1111 offers it. A step here is one
/// Heun step, those of the repeated descents included.
/// </summary>
internal sealed class RestartSampler : KDiffusionSampler
{
    private const int X = 1, D = 2;
    private readonly RestartPlan plan;

    public RestartSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
        : this(RestartPlan.Of(sigmas, options.RestartList), denoiser, options) { }

    private RestartSampler(RestartPlan plan, Denoiser denoiser, KDiffusionOptions options)
        : base(plan.Sigmas, denoiser, options, Points(plan.Steps)) => this.plan = plan;

    public override int Steps => plan.Steps.Count;

    public override int CallsPerStep => 2;

    /// <summary>0 denoised, 1 x before the step, 2 its slope, then the draw.</summary>
    public override int SlotCount => 3;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        Span<float> x = state.Slot(X), d = state.Slot(D);
        var (from, to) = plan.Steps[call.Step];
        if (IsInner(state))
        {
            double half = (to - from) / 2;
            Latents.Add(x, half, d);
            Latents.Combine(latents, half / to, latents, -half / to, denoised, 1, x);
        }
        else if (to == 0)
        {
            EulerStep(latents, denoised, from, to);
        }
        else
        {
            latents.CopyTo(x);
            Latents.Combine(d, 1 / from, latents, -1 / from, denoised);
            EulerStep(latents, denoised, from, to);
            return;
        }
        if (call.Step + 1 < Steps && plan.Steps[call.Step + 1].From is var next && next > to)
            AddDraw(latents, Options.SNoise * Math.Sqrt(next * next - to * to), d, noise);
    }

    private static IEnumerable<(int Step, double Sigma)> Points(IReadOnlyList<(double From, double To)> steps)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            yield return (i, steps[i].From);
            if (steps[i].To != 0) yield return (i, steps[i].To);
        }
    }
}
