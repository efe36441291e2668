namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// ∫ e^(rate·u) · L_j(u) du for the Lagrange polynomials over past points: the weights of an exponential Adams method (DEIS: Zhang and Chen
/// 2022, equation 15; SA-Solver: Xue et al. 2023, equation 14).
/// </summary>
internal static class LagrangeIntegral
{
    /// <param name="weights">Out: the weight of the value at each node.</param>
    /// <param name="nodes">Where the values were taken, 1…4 different points.</param>
    /// <param name="from">Lower end.</param>
    /// <param name="to">Upper end.</param>
    /// <param name="rate">Growth of the exponential, not 0.</param>
    public static void Weights(Span<double> weights, ReadOnlySpan<double> nodes, double from, double to, double rate)
    {
        Span<double> p = stackalloc double[nodes.Length];
        for (int j = 0; j < nodes.Length; j++)
        {
            Basis(p, nodes, j, to);
            // e^(rate·v)·q(v) with q' + rate·q = p is an antiderivative; v = u − to keeps the exponentials small.
            for (int k = p.Length - 1; k >= 0; k--)
                p[k] = (p[k] - (k + 1 < p.Length ? (k + 1) * p[k + 1] : 0)) / rate;
            double v = from - to;
            weights[j] = Math.Exp(rate * to) * (p[0] - Math.Exp(rate * v) * Value(p, v));
        }
    }

    /// <summary>Coefficients, lowest power first, of the polynomial in (u − origin) that is 1 at node j and 0 at the others.</summary>
    private static void Basis(Span<double> p, ReadOnlySpan<double> nodes, int j, double origin)
    {
        p.Clear();
        p[0] = 1;
        for (int other = 0, degree = 0; other < nodes.Length; other++)
        {
            if (other == j) continue;
            degree++;
            double root = nodes[other] - origin, distance = nodes[j] - nodes[other];
            for (int k = degree; k >= 0; k--)
                p[k] = ((k > 0 ? p[k - 1] : 0) - root * p[k]) / distance;
        }
    }

    private static double Value(ReadOnlySpan<double> p, double v)
    {
        double sum = 0;
        for (int k = p.Length - 1; k >= 0; k--)
            sum = sum * v + p[k];
        return sum;
    }
}
