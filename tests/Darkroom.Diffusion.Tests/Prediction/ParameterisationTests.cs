using Darkroom.Diffusion.Prediction;

namespace Darkroom.Diffusion.Tests.Prediction;

public sealed class ParameterisationTests
{
    private static readonly float[] Clean = [1, -2, 0.5f], Noise = [0.25f, 3, -1];

    [Fact]
    public void Diffusion_formulas_undo_each_other()
    {
        const double alpha = 0.8, sigma = 0.6;
        float[] noised = new float[3], velocity = new float[3], back = new float[3];
        Parameterisation.Noised(noised, alpha, sigma, Clean, Noise);
        Parameterisation.Velocity(velocity, alpha, sigma, Clean, Noise);
        Parameterisation.CleanFromNoise(back, alpha, sigma, noised, Noise);
        Same(Clean, back);
        Parameterisation.CleanFromVelocity(back, alpha, sigma, noised, velocity);
        Same(Clean, back);
        Parameterisation.NoiseFromVelocity(back, alpha, sigma, noised, velocity);
        Same(Noise, back);
        Parameterisation.NoiseFromClean(back, alpha, sigma, noised, Clean);
        Same(Noise, back);
    }

    [Fact]
    public void Flow_formulas_undo_each_other_in_place()
    {
        float[] noised = [.. Clean], velocity = new float[3];
        Parameterisation.FlowNoised(noised, 0.3, noised, Noise);
        Parameterisation.FlowVelocity(velocity, Clean, Noise);
        float[] clean = [.. noised], noise = [.. noised];
        Parameterisation.FlowClean(clean, 0.3, clean, velocity);
        Parameterisation.FlowNoise(noise, 0.3, noise, velocity);
        Same(Clean, clean);
        Same(Noise, noise);
    }

    private static void Same(float[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f);
    }
}
