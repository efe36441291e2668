namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// Restart (Xu et al. 2023): Heun steps down, and at chosen levels back up by noise and down again, as A1111 offers it. A step here is one
/// Heun step, those of the repeated descents included.
/// </summary>
internal sealed class RestartSampler : KDiffusionSampler
{
    private const int Origin = 1, Slope = 2;
    private readonly RestartPlan plan;

    public RestartSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
        : this(RestartPlan.Of(sigmas, options.RestartList), denoiser, options) { }

    private RestartSampler(RestartPlan plan, Denoiser denoiser, KDiffusionOptions options)
        : base(plan.Sigmas, denoiser, options, Points(plan.Steps)) => this.plan = plan;

    public override int Steps => plan.Steps.Count;

    public override int CallsPerStep => 2;

    /// <summary>0 denoised, 1 x before the step, 2 its slope, then the draw.</summary>
    public override int SlotCount => 3;

    protected override void Move(SamplerState state, in EvaluationPoint point, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        Span<float> origin = state.Slot(Origin), slope = state.Slot(Slope);
        var (from, to) = plan.Steps[point.Step];
        if (!IsFirst(state))
        {
            HeunStep.Finish(latents, denoised, from, to, origin, slope);
        }
        else if (to == 0)
        {
            EulerStep(latents, denoised, from, to);
        }
        else
        {
            HeunStep.Try(latents, denoised, from, to, origin, slope);
            return;
        }
        if (point.Step + 1 < Steps && plan.Steps[point.Step + 1].From is var next && next > to)
            AddDraw(latents, Options.SNoise * Math.Sqrt(next * next - to * to), slope, noise);
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
