using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Measuring;
using Darkroom.Diffusion.Noise;

namespace Darkroom.Diffusion.Tests.Measuring;

public class LikelihoodRunTests
{
    private static readonly SamplerConfig Epsilon = new() { BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012 };

    [Theory]
    [InlineData("epsilon", 8)]
    [InlineData("epsilon", 64)]
    [InlineData("epsilon", 3072)]
    [InlineData("v_prediction", 64)]
    [InlineData("sample", 64)]
    [InlineData("flow", 64)]
    [InlineData("flow", 3072)]
    public void A_gaussians_likelihood_is_within_one_percent_of_the_closed_form(string prediction, int length)
    {
        var network = new GaussianNetwork(0.1, 0.4);
        float[] values = Sample(network, length, 0.1, 0.4);
        var run = Run(LevelsOf(prediction), network, values, steps: 100, probes: 4);
        double exact = network.LogDensity(values);
        Assert.InRange(run.LogLikelihood, exact - 0.01 * Math.Abs(exact), exact + 0.01 * Math.Abs(exact));
        Assert.True(run.Error < 0.01 * Math.Abs(exact), $"{run.Error}");
    }

    [Fact]
    public void More_steps_come_closer()
    {
        var network = new GaussianNetwork(0, 0.5);
        float[] values = Sample(network, 64, 0, 0.5);
        double exact = network.LogDensity(values);
        double[] errors = [.. new[] { 10, 20, 40, 80 }.Select(steps => Math.Abs(Run(LevelsOf("epsilon"), network, values, steps, 2).LogLikelihood - exact))];
        Assert.True(errors[0] > errors[1] && errors[1] > errors[2], string.Join(", ", errors));
        Assert.InRange(errors[3] / Math.Abs(exact), 0, 0.005);
    }

    [Fact]
    public void A_cell_turns_the_density_into_a_probability()
    {
        var network = new GaussianNetwork(0, 0.5);
        float[] values = Sample(network, 512, 0, 0.5);
        const double Cell = 2.0 / 255;
        for (int i = 0; i < values.Length; i++) values[i] = (float)(Math.Round(values[i] / Cell) * Cell); // as a file of 8 bits has them
        double exact = network.LogDensity(values) + values.Length * Math.Log(Cell);
        var run = Run(LevelsOf("epsilon"), network, values, 60, 2, Cell);
        Assert.InRange(run.LogLikelihood, exact * 1.01, exact * 0.99);
    }

    [Fact]
    public void Two_evaluations_are_wanted_for_each_probe_and_node_and_never_more_at_once_than_allowed()
    {
        var network = new GaussianNetwork(0, 0.5);
        int evaluations = 0, most = 0;
        var run = new LikelihoodRun(LevelsOf("epsilon"), 10, 5, new float[8], null, 1, together: 8);
        while (run.Wanted.Count > 0)
        {
            (evaluations, most) = (evaluations + run.Wanted.Count, Math.Max(most, run.Wanted.Count));
            Answer(run, LevelsOf("epsilon"), network);
        }
        Assert.Equal((2 * 5 * 11, 8), (evaluations, most));
        Assert.Equal((10, 10), (run.StepsDone, run.Steps));
    }

    [Fact]
    public void One_probe_has_no_error_bar() =>
        Assert.Null(Run(LevelsOf("epsilon"), new GaussianNetwork(0, 0.5), new float[8], 4, 1).Error);

    private static float[] Sample(GaussianNetwork _, int length, double mean, double deviation)
    {
        var values = new float[length];
        SeededNoise.Create(NoiseGenerator.TorchCpu, 7).Normal(values);
        for (int i = 0; i < length; i++) values[i] = (float)(mean + deviation * values[i]);
        return values;
    }

    private static TrainingLevels LevelsOf(string prediction) => prediction == "flow"
        ? TrainingLevels.Of("FlowMatchEulerDiscreteScheduler", new())
        : TrainingLevels.Of("DDIMScheduler", Epsilon with { PredictionType = prediction });

    private static LikelihoodRun Run(TrainingLevels levels, GaussianNetwork network, float[] values, int steps, int probes, double? cell = null)
    {
        var run = new LikelihoodRun(levels, steps, probes, values, cell, 3, together: 8);
        while (run.Wanted.Count > 0) Answer(run, levels, network);
        return run;
    }

    private static void Answer(LikelihoodRun run, TrainingLevels levels, GaussianNetwork network)
    {
        var level = Enumerable.Range(0, levels.Count).Select(timestep => levels[timestep]).First(one => one.Timestep == run.Timestep);
        run.Take([.. run.Wanted.Select(point => (ReadOnlyMemory<float>)network.Answer(level, point.Noised))]);
    }
}
