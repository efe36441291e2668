namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>Weights of the linear multistep rule.</summary>
internal static class LinearMultistep
{
    /// <summary>
    /// For each of the last <paramref name="order"/> levels t_i, t_(i−1), …: its Lagrange polynomial integrated from t_i to t_(i+1), exactly
    /// (k-diffusion integrates numerically to 1e-4).
    /// </summary>
    public static double[] Weights(IReadOnlyList<double> t, int i, int order)
    {
        var weights = new double[order];
        double length = t[i + 1] - t[i];
        for (int j = 0; j < order; j++)
        {
            // Coefficients by rising power of u = τ − t_i.
            var polynomial = new double[order];
            polynomial[0] = 1;
            for (int k = 0, degree = 0; k < order; k++)
            {
                if (k == j) continue;
                double root = t[i - k] - t[i], scale = t[i - j] - t[i - k];
                for (int power = ++degree; power >= 0; power--)
                    polynomial[power] = ((power > 0 ? polynomial[power - 1] : 0) - root * polynomial[power]) / scale;
            }
            for (int power = order - 1; power >= 0; power--)
                weights[j] = (weights[j] + polynomial[power] / (power + 1)) * length;
        }
        return weights;
    }
}
