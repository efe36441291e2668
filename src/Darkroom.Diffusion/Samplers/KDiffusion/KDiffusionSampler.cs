using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// What k-diffusion's samplers with a fixed list of calls share. A step makes one call, or more where the rule looks at inner points; the
/// rule itself is <see cref="Move"/>.
/// </summary>
internal abstract class KDiffusionSampler : ISampler
{
    private readonly EvaluationPoint[] evaluations;
    private readonly int[] stages;

    /// <param name="sigmas">Noise levels, largest first, the last one reached included.</param>
    /// <param name="denoiser">What the network's output means.</param>
    /// <param name="options">Arguments of the sampling function.</param>
    /// <param name="points">Step and σ of every call.</param>
    protected KDiffusionSampler(
        IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options, IEnumerable<(int Step, double Sigma)> points)
    {
        Sigmas = sigmas;
        Denoiser = denoiser;
        Options = options;
        evaluations = [.. points.Select(point => denoiser.PointAt(point.Step, point.Sigma))];
        Timesteps = Array.ConvertAll(evaluations, point => point.Timestep);
        stages = new int[evaluations.Length];
        for (int i = 1; i < evaluations.Length; i++)
            stages[i] = evaluations[i].Step == evaluations[i - 1].Step ? stages[i - 1] + 1 : 0;
    }

    public IReadOnlyList<double> Timesteps { get; }

    public IReadOnlyList<double> Sigmas { get; }

    public virtual int Steps => Sigmas.Count - 1;

    public virtual int CallsPerStep => 1;

    public virtual (double Min, double Max) BrownianRange => Options.BrownianRange ??
        (Sigmas.Where(sigma => sigma > 0).DefaultIfEmpty(0).Min(), Sigmas.DefaultIfEmpty(0).Max());

    public double InitialScale => StartScale(Denoiser, Options, Sigmas[0]);

    public abstract int SlotCount { get; }

    protected Denoiser Denoiser { get; }

    protected KDiffusionOptions Options { get; }

    /// <summary>Unit noise to the start of a run from <paramref name="sigma"/>.</summary>
    internal static double StartScale(Denoiser denoiser, KDiffusionOptions options, double sigma) =>
        options.UnitVarianceStart && denoiser.Prediction != PredictionType.Flow ? Math.Sqrt(sigma * sigma + 1) : sigma;

    /// <summary>
    /// To the call's own noise level; before churn, which <see cref="Start"/> adds. At the number of calls: to the level that the run ends at.
    /// </summary>
    public void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index)
    {
        if (index == 0 && Options.UnitVarianceStart && Denoiser.Prediction != PredictionType.Flow)
            Latents.Add(latents, InitialScale, noise);
        else
            Denoiser.AddNoise(latents, noise, index == evaluations.Length ? Sigmas[^1] : LevelBeforeChurn(evaluations[index]));
    }

    public void AddNoiseAt(in EvaluationPoint point, SamplerState state, Span<float> latents, ReadOnlySpan<float> noise) =>
        Denoiser.AddNoise(latents, noise, point.Sigma);

    public (double Skip, double Out)? DenoisedFrom(in EvaluationPoint point, SamplerState state) => Denoiser.Scalings(point.Sigma);

    public virtual void Start(SamplerState state, Span<float> latents, INoiseSource noise) { }

    public bool Next(SamplerState state, out EvaluationPoint point)
    {
        bool more = state.Index < evaluations.Length;
        point = more ? evaluations[state.Index] : default;
        return more;
    }

    public void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        var point = evaluations[state.Index];
        Denoiser.Denoise(point.Sigma, latents, output, state.Denoised);
        Move(state, point, latents, state.Denoised, noise);
        state.Index++;
    }

    /// <summary>Moves the latents from <paramref name="point"/>, with D(x, σ) known, to the next one.</summary>
    protected abstract void Move(SamplerState state, in EvaluationPoint point, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise);

    protected virtual double LevelBeforeChurn(in EvaluationPoint point) => point.Sigma;

    /// <summary>Calls that the step at hand has made before this one.</summary>
    protected int Stage(SamplerState state) => stages[state.Index];

    /// <summary>Whether this is the first evaluation of its step.</summary>
    protected bool IsFirst(SamplerState state) => Stage(state) == 0;

    /// <summary>One call at each level but the last.</summary>
    protected static IEnumerable<(int Step, double Sigma)> OneEach(IReadOnlyList<double> sigmas) =>
        sigmas.Take(Math.Max(sigmas.Count - 1, 0)).Select((sigma, step) => (step, sigma));

    /// <summary>x ← x + (x − denoised)/from · (to − from), the Euler step, written without its difference of near-equal numbers.</summary>
    protected static void EulerStep(Span<float> x, ReadOnlySpan<float> denoised, double from, double to) =>
        Latents.Combine(x, to / from, x, 1 - to / from, denoised);

    /// <summary>x ← x + scale · draw, the draw made whether or not the scale is zero, as k-diffusion does.</summary>
    protected static void AddDraw(Span<float> x, double scale, Span<float> scratch, INoiseSource noise)
    {
        noise.Normal(scratch);
        Latents.Add(x, scale, scratch);
    }

    /// <summary>As <see cref="AddDraw"/>, from the Brownian tree where the row has one.</summary>
    protected static void AddIncrement(Span<float> x, double scale, double from, double to, Span<float> scratch, INoiseSource noise)
    {
        noise.Increment(from, to, scratch);
        Latents.Add(x, scale, scratch);
    }
}
