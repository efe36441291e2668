using Darkroom.Diffusion.Samplers.Diffusers;

namespace Darkroom.Diffusion.Tests.Samplers.Diffusers;

public sealed class LagrangeIntegralTests
{
    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(2, 2.0)]
    [InlineData(3, -1.0)]
    [InlineData(4, 2.0)]
    public void Weights_are_the_integrals_of_the_basis_polynomials(int order, double rate)
    {
        double[] nodes = [.. new[] { -1.2, -1.7, -2.1, -2.9 }.Take(order)];
        double from = -1.2, to = -0.8;
        var weights = new double[order];
        LagrangeIntegral.Weights(weights, nodes, from, to, rate);
        for (int j = 0; j < order; j++)
        {
            int node = j;
            double expected = Quadrature.Simpson(u => Math.Exp(rate * u) * Basis(nodes, node, u), from, to);
            Assert.Equal(expected, weights[j], 1e-12);
        }
    }

    [Fact]
    public void An_empty_interval_weighs_nothing()
    {
        var weights = new double[3];
        LagrangeIntegral.Weights(weights, [0.5, 0.2, -0.4], 0.5, 0.5, 1);
        Assert.All(weights, weight => Assert.Equal(0, weight));
    }

    private static double Basis(double[] nodes, int j, double u)
    {
        double product = 1;
        for (int k = 0; k < nodes.Length; k++)
            if (k != j) product *= (u - nodes[k]) / (nodes[j] - nodes[k]);
        return product;
    }
}
