namespace Darkroom.Diffusion.Measuring;

/// <summary>The errors of candidates over trials that they share, and what follows from them.</summary>
public sealed class CandidateScores
{
    /// <summary>Trials before any candidate is dropped.</summary>
    public const int MinTrials = 8;

    /// <summary>Standard errors by which a candidate must be behind to be dropped: one in 30,000 by chance.</summary>
    public const double SureDistance = 4;

    private readonly List<double>[] errors; // of each candidate, trial by trial
    private readonly List<int> left;

    /// <param name="candidates">How many there are.</param>
    internal CandidateScores(int candidates)
    {
        errors = [.. Enumerable.Range(0, candidates).Select(_ => new List<double>())];
        left = [.. Enumerable.Range(0, candidates)];
    }

    /// <summary>Candidates that are still asked.</summary>
    public IReadOnlyList<int> Left => left;

    /// <summary>Trials that a candidate was asked in.</summary>
    public int TrialsOf(int candidate) => errors[candidate].Count;

    /// <summary>The candidate with the least error.</summary>
    public int Best()
    {
        int best = left[0];
        foreach (int candidate in left)
            if (Mean(candidate) < Mean(best)) best = candidate;
        return best;
    }

    /// <summary>
    /// Mean squared error of the network's predictions. Of one that was dropped it is that of the best candidate, and how far it was behind it in the trials
    /// that both had: trials differ more from each other than candidates do.
    /// </summary>
    public double ScoreOf(int candidate)
    {
        int best = Best();
        return TrialsOf(candidate) == TrialsOf(best) ? Mean(candidate) : Mean(best) + Behind(candidate, best).Mean;
    }

    /// <summary>Standard error of how far a candidate is behind the best one, 0 for that itself; null after one trial, which has no spread.</summary>
    public double? ErrorOf(int candidate) => Behind(candidate, Best()).Error;

    /// <summary>
    /// The posterior over candidates that are equally likely before: exp(−‖target − prediction‖²), the norm averaged over trials, divided by the sum over
    /// candidates (Li et al. 2023, equation 5).
    /// </summary>
    /// <param name="length">Values of a prediction.</param>
    public double[] Probabilities(int length)
    {
        double least = ScoreOf(Best());
        double[] weights = [.. errors.Select((_, candidate) => Math.Exp(length * (least - ScoreOf(candidate))))];
        double sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }

    /// <summary>
    /// How sure it is, 0…1, that more trials would find the same candidate best: 1 less the chances of the others to be ahead of it, each by the normal
    /// distribution of its mean distance. After one trial each other is as likely to be ahead as not.
    /// </summary>
    public double Confidence()
    {
        int best = Best();
        double doubt = 0;
        for (int candidate = 0; candidate < errors.Length; candidate++)
        {
            if (candidate == best) continue;
            var (mean, error) = Behind(candidate, best);
            doubt += error switch { > 0 and var spread => NormalTail.Above(mean / spread), 0 when mean > 0 => 0, _ => 0.5 };
        }
        return Math.Max(0, 1 - doubt);
    }

    /// <summary>Takes a trial, and drops the candidates that are surely behind.</summary>
    /// <param name="trial">Errors by candidate; those of candidates that were not asked are not read.</param>
    internal void Add(ReadOnlySpan<double> trial)
    {
        foreach (int candidate in left) errors[candidate].Add(trial[candidate]);
        int best = Best();
        if (TrialsOf(best) < MinTrials) return;
        left.RemoveAll(candidate => candidate != best && Behind(candidate, best) is var (mean, error) && mean > SureDistance * error);
    }

    private double Mean(int candidate) => errors[candidate].Average();

    /// <summary>How far a candidate is behind another, over the trials of both, and the standard error of that; null after one.</summary>
    private (double Mean, double? Error) Behind(int candidate, int other)
    {
        int trials = Math.Min(TrialsOf(candidate), TrialsOf(other));
        double sum = 0, squares = 0;
        for (int i = 0; i < trials; i++) sum += errors[candidate][i] - errors[other][i];
        double mean = sum / trials;
        for (int i = 0; i < trials; i++)
        {
            double difference = errors[candidate][i] - errors[other][i] - mean;
            squares += difference * difference;
        }
        return (mean, trials < 2 ? null : Math.Sqrt(squares / (trials - 1) / trials));
    }
}
