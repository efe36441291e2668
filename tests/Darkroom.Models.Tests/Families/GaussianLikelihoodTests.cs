using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Measuring;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Families;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Families;

/// <summary>The likelihood by a graph whose score is a Gaussian's, against the closed form.</summary>
public sealed class GaussianLikelihoodTests
{
    private const double Deviation = 0.5;

    [Theory]
    [InlineData(2, 2, 2)]
    [InlineData(1, 8, 8)]
    [InlineData(3, 32, 32)]
    public void It_is_within_one_percent_of_the_closed_form(int channels, int height, int width)
    {
        var shape = new LatentShape(channels, height, width);
        var levels = TrainingLevels.Of("DDPMScheduler", new SamplerConfig());
        using var denoiser = new Denoiser(OnnxGraph.Load(GaussianGraph.Write(levels, Deviation), new SessionSettings()));
        var values = new float[shape.Length];
        SeededNoise.Create(NoiseGenerator.TorchCpu, 5).Normal(values);
        Latents.Scale(values, Deviation);

        var run = new LikelihoodRun(levels, steps: 60, probes: 3, values, cell: null, seed: 1, together: 8);
        while (run.Wanted.Count > 0)
        {
            DenoiserRow[] rows =
                [.. run.Wanted.Select(point => new DenoiserRow(point.Noised, 1, run.Timestep, new Conditioning([]), new float[shape.Length]))];
            denoiser.Run(shape, rows);
            run.Take([.. rows.Select(row => (ReadOnlyMemory<float>)row.Output)]);
        }

        double exact = -0.5 * (values.Sum(value => value * (double)value) / (Deviation * Deviation)
            + values.Length * Math.Log(2 * Math.PI * Deviation * Deviation));
        Assert.InRange(run.LogLikelihood, exact - 0.01 * Math.Abs(exact), exact + 0.01 * Math.Abs(exact));
    }
}
