using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Measuring;
using Darkroom.Diffusion.Noise;

namespace Darkroom.Diffusion.Tests.Measuring;

public class ClassificationRunTests
{
    private static readonly TrainingLevels Levels = TrainingLevels.Of("DDIMScheduler", new SamplerConfig { BetaSchedule = "scaled_linear" });

    [Fact]
    public void The_candidate_whose_data_it_is_errs_least()
    {
        GaussianNetwork[] candidates = [new(-0.5, 0.3), new(0.4, 0.3), new(0.5, 0.3)];
        var run = Run(candidates, [.. Enumerable.Repeat(0.5f, 64)], trials: 64, out _);
        Assert.Equal(2, run.Scores.Best());
        Assert.True(run.Scores.ScoreOf(2) < run.Scores.ScoreOf(1) && run.Scores.ScoreOf(1) < run.Scores.ScoreOf(0));
        double[] probabilities = run.Scores.Probabilities(64);
        Assert.Equal(1, probabilities.Sum(), 1e-12);
        Assert.Equal(probabilities.Max(), probabilities[2]);
        Assert.InRange(run.Scores.Confidence(), 0.9, 1);
    }

    [Fact]
    public void A_candidate_that_is_surely_behind_is_asked_no_more()
    {
        GaussianNetwork[] candidates = [new(-9, 0.1), new(0.5, 0.3), new(0.49, 0.3)];
        var run = Run(candidates, [.. Enumerable.Repeat(0.5f, 64)], trials: 64, out int evaluations);
        Assert.InRange(run.Scores.TrialsOf(0), CandidateScores.MinTrials, 63);
        Assert.Equal(64, run.Scores.TrialsOf(run.Scores.Best()));
        Assert.True(evaluations < 3 * 64);
    }

    [Fact]
    public void Where_one_candidate_is_left_no_more_is_evaluated()
    {
        var run = Run([new(-9, 0.1), new(0.5, 0.3)], [.. Enumerable.Repeat(0.5f, 64)], trials: 256, out int evaluations);
        Assert.InRange(evaluations, 2 * CandidateScores.MinTrials, 128);
        Assert.Equal((256, 256), (run.StepsDone, run.Steps));
    }

    [Fact]
    public void Candidates_that_are_the_same_leave_it_in_doubt()
    {
        var run = Run([new(0.5, 0.3), new(0.5, 0.3)], [.. Enumerable.Repeat(0.5f, 16)], trials: 16, out _);
        Assert.Equal(0.5, run.Scores.Confidence(), 1e-6);
        Assert.Equal([0.5, 0.5], run.Scores.Probabilities(16));
    }

    [Fact]
    public void One_trial_has_no_spread_and_makes_nothing_sure()
    {
        GaussianNetwork[] candidates = [new(-0.5, 0.3), new(0.5, 0.3), new(0.4, 0.3)];
        var run = Run(candidates[..2], [.. Enumerable.Repeat(0.5f, 16)], trials: 1, out _);
        Assert.Equal((1, 0.5), (run.Scores.Best(), run.Scores.Confidence()));
        Assert.All([0, 1], candidate => Assert.Null(run.Scores.ErrorOf(candidate)));
        Assert.Equal(0, Run(candidates, [.. Enumerable.Repeat(0.5f, 16)], trials: 1, out _).Scores.Confidence());
    }

    [Fact]
    public void The_first_trials_are_spread_over_all_timesteps() =>
        Assert.Equal([62, 562, 312, 812, 187, 687, 437, 937], ClassificationRun.TimestepsOf(8, null, 1000));

    [Fact]
    public void Given_timesteps_are_taken_in_turn() => Assert.Equal([5, 9, 5], ClassificationRun.TimestepsOf(3, [5, 9], 1000));

    private static ClassificationRun Run(GaussianNetwork[] candidates, float[] clean, int trials, out int evaluations)
    {
        var run = new ClassificationRun(
            Levels, candidates.Length, ClassificationRun.TimestepsOf(trials, null, Levels.Count), clean, SeededNoise.Create(NoiseGenerator.TorchCpu, 1),
            together: 2);
        evaluations = 0;
        while (run.Wanted.Count > 0)
        {
            evaluations += run.Wanted.Count;
            var level = Levels[(int)run.Timestep];
            run.Take([.. run.Wanted.Select(point => (ReadOnlyMemory<float>)candidates[point.Text].Answer(level, point.Noised))]);
        }
        return run;
    }
}
