using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Measuring;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;

namespace Darkroom.Diffusion.Tests.Measuring;

public class DenoisingTests
{
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [InlineData(0.4)]
    public void Noise_on_a_smooth_picture_with_edges_is_estimated_within_five_percent(double deviation)
    {
        const int Side = 64;
        var values = Noise(3 * Side * Side);
        for (int i = 0; i < values.Length; i++)
        {
            int x = i % Side, y = i / Side % Side;
            values[i] = (float)(deviation * values[i] + 0.5 * Math.Sin(x / 9.0) + (x > 20 && x < 41 && y > 20 ? 0.6 : 0));
        }
        Assert.InRange(NoiseEstimate.Of(values, Side, Side) / deviation, 0.95, 1.05);
    }

    [Fact]
    public void A_picture_without_noise_has_none() => Assert.Equal(0, NoiseEstimate.Of(new float[64], 8, 8));

    [Theory]
    [InlineData("epsilon")]
    [InlineData("v_prediction")]
    [InlineData("flow_prediction")]
    public void One_step_from_a_gaussians_noise_is_the_posterior_mean(string prediction)
    {
        const double Level = 0.5, Deviation = 0.7;
        var levels = TrainingLevels.Of("DDIMScheduler", new SamplerConfig { PredictionType = prediction });
        float[] noised = [.. Noise(32).Select(value => (float)(value * Math.Sqrt(Deviation * Deviation + Level * Level)))];
        float[] result = Denoise(levels, new GaussianNetwork(0, Deviation), noised, Level, steps: 1);
        double share = Deviation * Deviation / (Deviation * Deviation + Level * Level);
        for (int i = 0; i < result.Length; i++) Assert.Equal(share * noised[i], result[i], 0.01);
    }

    [Theory]
    [InlineData("epsilon")]
    [InlineData("flow_prediction")]
    public void Many_steps_end_in_a_sample_of_the_data(string prediction)
    {
        // The ODE of a Gaussian scales: y(0) = y(s) · d / √(d² + s²).
        const double Level = 0.5, Deviation = 0.7;
        var levels = TrainingLevels.Of("DDIMScheduler", new SamplerConfig { PredictionType = prediction });
        float[] noised = Noise(32);
        float[] result = Denoise(levels, new GaussianNetwork(0, Deviation), noised, Level, steps: 100);
        double share = Deviation / Math.Sqrt(Deviation * Deviation + Level * Level);
        for (int i = 0; i < result.Length; i++) Assert.Equal(share * noised[i], result[i], 0.01);
    }

    private static float[] Denoise(TrainingLevels levels, GaussianNetwork network, float[] noised, double level, int steps)
    {
        var sampler = levels.Denoiser(level, steps);
        var state = new SamplerState(sampler, noised.Length, 0);
        float[] latents = [.. noised];
        sampler.AddNoise(latents, new float[latents.Length], 0); // to the scale of the level
        var noise = new RowNoise(SeededNoise.Create(NoiseGenerator.TorchCpu, 1));
        while (sampler.Next(state, out var point))
        {
            float[] shown = [.. latents.Select(value => (float)(value * point.InputScale))];
            sampler.Advance(state, network.Answer(LevelOf(levels, point), shown), latents, noise);
        }
        return latents;
    }

    /// <summary>The level of a point between training timesteps.</summary>
    private static TrainingLevel LevelOf(TrainingLevels levels, in EvaluationPoint point)
    {
        double sigma = point.Sigma;
        return levels[0].Type == Darkroom.Diffusion.Prediction.PredictionType.Flow
            ? new(point.Timestep, 1 - sigma, sigma, levels[0].Type)
            : new(point.Timestep, 1 / Math.Sqrt(1 + sigma * sigma), sigma / Math.Sqrt(1 + sigma * sigma), levels[0].Type);
    }

    private static float[] Noise(int length)
    {
        var values = new float[length];
        SeededNoise.Create(NoiseGenerator.TorchCpu, 11).Normal(values);
        return values;
    }
}
