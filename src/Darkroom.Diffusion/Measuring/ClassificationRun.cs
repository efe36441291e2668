using Darkroom.Diffusion.Noise;

namespace Darkroom.Diffusion.Measuring;

/// <summary>
/// Zero-shot classification by a denoiser (Li et al. 2023, "Your diffusion model is secretly a zero-shot classifier"): the picture is noised, and the candidate
/// is right under which the network predicts best what was added. Every candidate sees the same noises at the same timesteps, so that their errors are compared
/// in pairs, and one that is surely behind is asked no more.
/// </summary>
public sealed class ClassificationRun : MeasuringRun
{
    private readonly TrainingLevels levels;
    private readonly IReadOnlyList<int> timesteps;
    private readonly float[] clean, noise, noised, target;
    private readonly INormalGenerator generator;
    private readonly int together;
    private readonly double[] errors; // of this trial, by candidate
    private readonly List<MeasuringPoint> wanted = [];
    private int trial, next; // the next of the candidates that this trial asks

    /// <param name="levels">Of the model.</param>
    /// <param name="candidates">At least 2.</param>
    /// <param name="timesteps">That of each trial, 0…count of the levels − 1.</param>
    /// <param name="clean">The picture's latents. // [C, h, w]</param>
    /// <param name="generator">Draws the noise of each trial, one after the other.</param>
    /// <param name="together">Evaluations that are wanted at once, at most.</param>
    public ClassificationRun(
        TrainingLevels levels, int candidates, IReadOnlyList<int> timesteps, float[] clean, INormalGenerator generator, int together)
    {
        ArgumentNullException.ThrowIfNull(clean);
        (this.levels, this.timesteps, this.clean, this.generator, this.together) = (levels, timesteps, clean, generator, together);
        (noise, noised, target) = (new float[clean.Length], new float[clean.Length], new float[clean.Length]);
        errors = new double[candidates];
        Scores = new CandidateScores(candidates);
        BeginTrial();
        Want();
    }

    /// <summary>What is known so far.</summary>
    public CandidateScores Scores { get; }

    public override IReadOnlyList<MeasuringPoint> Wanted => wanted;

    public override double Timestep => levels[timesteps[trial]].Timestep;

    public override int StepsDone => trial;

    public override int Steps => timesteps.Count;

    /// <summary>
    /// Timesteps of trials, spread evenly over those given and mixed, so that the first few trials see little noise and much: trial i takes the place of i with
    /// its binary digits reversed (van der Corput's sequence).
    /// </summary>
    /// <param name="trials">How many; those given are repeated where there are fewer.</param>
    /// <param name="given">Timesteps to choose from; null: all.</param>
    /// <param name="count">Of all levels.</param>
    public static IReadOnlyList<int> TimestepsOf(int trials, IReadOnlyList<int>? given, int count)
    {
        if (given is { Count: > 0 }) return [.. Enumerable.Range(0, trials).Select(trial => given[trial % given.Count])];
        int[] places = [.. Enumerable.Range(0, trials)];
        Array.Sort(Array.ConvertAll(places, Reversed), places);
        int[] order = new int[trials];
        for (int i = 0; i < trials; i++) order[places[i]] = i; // trial places[i] takes place i
        return [.. order.Select(place => (int)((place + 0.5) * count / trials))];
    }

    public override void Take(IReadOnlyList<ReadOnlyMemory<float>> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        for (int i = 0; i < wanted.Count; i++) errors[wanted[i].Text] = MeanSquare(answers[i].Span, target);
        if (next >= Scores.Left.Count)
        {
            Scores.Add(errors);
            trial++;
            if (trial == Steps || Scores.Left.Count == 1)
            {
                trial = Steps; // one that is left needs no more
                wanted.Clear();
                return;
            }
            BeginTrial();
        }
        Want();
    }

    private void BeginTrial()
    {
        next = 0;
        generator.Normal(noise);
        var level = levels[timesteps[trial]];
        level.Noised(noised, clean, noise);
        level.Target(target, clean, noise);
    }

    private void Want()
    {
        wanted.Clear();
        while (next < Scores.Left.Count && wanted.Count < together) wanted.Add(new(Scores.Left[next++], noised));
    }

    private static double MeanSquare(ReadOnlySpan<float> answer, ReadOnlySpan<float> target)
    {
        double sum = 0;
        for (int i = 0; i < answer.Length; i++)
        {
            double difference = (double)answer[i] - target[i];
            sum += difference * difference;
        }
        return sum / answer.Length;
    }

    private static double Reversed(int number)
    {
        double result = 0, digit = 0.5;
        for (; number > 0; number >>= 1, digit /= 2)
            if ((number & 1) != 0) result += digit;
        return result;
    }
}
