namespace Darkroom.Diffusion.Tests.Samplers.Diffusers;

internal static class Quadrature
{
    /// <summary>∫ f by Simpson's rule; better than 1e-12 for the smooth functions of these tests.</summary>
    public static double Simpson(Func<double, double> f, double from, double to)
    {
        const int Parts = 2000;
        double width = (to - from) / Parts, sum = f(from) + f(to);
        for (int i = 1; i < Parts; i++)
            sum += (i % 2 == 0 ? 2 : 4) * f(from + i * width);
        return sum * width / 3;
    }
}
