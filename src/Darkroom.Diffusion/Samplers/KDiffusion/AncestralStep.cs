namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// A move split into a deterministic part down to <see cref="Down"/> and fresh noise of <see cref="Up"/>, so that Down² + Up² = to².
/// </summary>
internal readonly record struct AncestralStep(double Down, double Up)
{
    /// <summary>Song et al. 2020's stochastic step in σ units: Up = η · √(to²·(from² − to²)/from²), at most <paramref name="to"/>.</summary>
    public static AncestralStep Of(double from, double to, double eta)
    {
        if (eta == 0) return new(to, 0);
        double up = Math.Min(to, eta * Math.Sqrt(to * to * (from * from - to * to) / (from * from)));
        return new(Math.Sqrt(to * to - up * up), up);
    }

    /// <summary>One for each pair of neighbours.</summary>
    public static AncestralStep[] Table(IReadOnlyList<double> sigmas, double eta)
    {
        var steps = new AncestralStep[sigmas.Count - 1];
        for (int i = 0; i < steps.Length; i++)
            steps[i] = Of(sigmas[i], sigmas[i + 1], eta);
        return steps;
    }
}
