namespace Darkroom.Diffusion.Schedules;

/// <summary>The Beta distribution, good to better than 1e-12, as the beta sigma rules need it.</summary>
internal static class BetaDistribution
{
    /// <summary>The x with I_x(a, b) = p. Bisection to the last bit of x: tables are made once per request, never per step.</summary>
    public static double Quantile(double p, double a, double b)
    {
        if (p <= 0) return 0;
        if (p >= 1) return 1;
        double low = 0, high = 1;
        while (true)
        {
            double middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) return middle;
            if (Regularised(middle, a, b) < p) low = middle;
            else high = middle;
        }
    }

    /// <summary>The regularised incomplete beta function I_x(a, b).</summary>
    public static double Regularised(double x, double a, double b)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        double front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * Math.Log(1 - x));
        // The continued fraction converges fast on this side of the mean; the other side is its mirror image.
        return x < (a + 1) / (a + b + 2)
            ? front * Fraction(x, a, b) / a
            : 1 - front * Fraction(1 - x, b, a) / b;
    }

    /// <summary>Continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method.</summary>
    private static double Fraction(double x, double a, double b)
    {
        const double Tiny = 1e-300;
        double c = 1, d = 1 - (a + b) * x / (a + 1);
        d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
        double h = d;
        for (int m = 1; m <= 500; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            double change = 1;
            foreach (double term in (ReadOnlySpan<double>)[even, odd])
            {
                d = 1 + term * d;
                d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
                c = 1 + term / c;
                if (Math.Abs(c) < Tiny) c = Tiny;
                change = c * d;
                h *= change;
            }
            if (Math.Abs(change - 1) < 1e-16) break;
        }
        return h;
    }

    /// <summary>ln Γ(x) for x > 0: Stirling's series after the argument is moved beyond 10 (DLMF 5.11.1).</summary>
    private static double LogGamma(double x)
    {
        double shift = 0;
        while (x < 10)
            shift -= Math.Log(x++);
        double inverse = 1 / (x * x);
        double series = (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse * (1.0 / 1680 - inverse / 1188)))) / x;
        return shift + (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + series;
    }
}
