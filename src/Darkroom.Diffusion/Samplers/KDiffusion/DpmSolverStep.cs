using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// DPM-Solver's single steps (Lu et al. 2022, "DPM-Solver", algorithms 1 and 2) in t = −ln σ. Every point they reach has one form,
/// x − A·ε − B·(ε_r − ε): ε is the slope at the start of the step, ε_r that at its last inner point.
/// </summary>
internal readonly record struct DpmSolverStep(double T, double TNext)
{
    private double H => TNext - T;

    public double Start => Sigma(T);

    public static double Time(double sigma) => -Math.Log(sigma);

    public static double Sigma(double t) => Math.Exp(-t);

    /// <summary>σ at the share <paramref name="r"/> of the step.</summary>
    public double Inner(double r) => Sigma(T + r * H);

    /// <summary>A of the first-order move to the share <paramref name="r"/> of the step (1: all of it).</summary>
    public double First(double r) => Inner(r) * double.ExpM1(r * H);

    /// <summary>B of the second-order step with its inner point at <paramref name="r1"/>.</summary>
    public double Second(double r1) => First(1) / (2 * r1);

    /// <summary>B of the third-order step's move to its second inner point, 2/3, after the first at 1/3.</summary>
    public double ThirdInner() => Inner(2.0 / 3) * 2 * (double.ExpM1(2.0 / 3 * H) / (2.0 / 3 * H) - 1);

    /// <summary>B of the third-order step.</summary>
    public double Third() => Sigma(TNext) * 1.5 * (double.ExpM1(H) / H - 1);

    /// <summary>result ← x − a·ε − b·(ε_r − ε), with ε_r = (point − denoised)/sigma at the point just evaluated.</summary>
    public static void Reach(
        Span<float> result, ReadOnlySpan<float> x, double a, ReadOnlySpan<float> epsilon,
        double b, double sigma, ReadOnlySpan<float> point, ReadOnlySpan<float> denoised)
    {
        Latents.Combine(result, -b / sigma, point, b / sigma, denoised, 1, x);
        Latents.Add(result, b - a, epsilon);
    }

    /// <summary>
    /// The step cut short by ancestral noise, never beyond <paramref name="end"/>, and the noise that leads back to <see cref="TNext"/>.
    /// </summary>
    public (DpmSolverStep Down, double Up) Ancestral(double eta, double end)
    {
        if (eta == 0) return (this, 0);
        double to = Sigma(TNext);
        double t = Math.Min(end, Time(AncestralStep.Of(Start, to, eta).Down)), down = Sigma(t);
        return (new(T, t), Math.Sqrt(Math.Max(to * to - down * down, 0)));
    }
}
