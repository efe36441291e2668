namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// A sigma-space rule that evaluates twice a step: at the step's own level, then at a trial point. Call 2k is the first of step k, call 2k + 1
/// the second; the last step, which ends at 0, has the first call only. A run must begin at an even index.
/// </summary>
/// <param name="steps">The schedule.</param>
/// <param name="trialTimesteps">Timestep of the second call of every step but the last; n − 1 values.</param>
/// <param name="trialLevels">Noise level of that call; n − 1 values.</param>
/// <param name="zeros">Zeros that diffusers' list of sigmas ends in.</param>
internal abstract class SecondOrderSampler(SigmaSteps steps, double[] trialTimesteps, double[] trialLevels, int zeros = 1) : SigmaSpaceSampler(
    Interleave(steps.Timesteps, trialTimesteps), steps.DoubledSigmas(zeros), Interleave([.. steps.Sigmas[..^1]], trialLevels), steps.Spacing, steps.Count)
{
    /// <summary>Where the step began; the latents hold the trial point meanwhile.</summary>
    protected const int Origin = 1;

    private readonly float[] sigmas = steps.Sigmas;

    public override int CallsPerStep => 2;

    public override int SlotCount => 2;

    /// <summary>Levels that a step runs between.</summary>
    protected (double From, double To) Ends(int index) => (sigmas[index / 2], sigmas[index / 2 + 1]);

    protected static bool IsFirst(int index) => index % 2 == 0;

    private static double[] Interleave(ReadOnlySpan<double> own, ReadOnlySpan<double> trial)
    {
        var result = new double[own.Length + trial.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = IsFirst(i) ? own[i / 2] : trial[i / 2];
        return result;
    }
}
