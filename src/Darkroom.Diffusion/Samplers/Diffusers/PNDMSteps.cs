using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>The calls of a PNDM run.</summary>
/// <param name="Timesteps">One per call: n + 1 with the repeated second one, or 12 Runge–Kutta calls and the n − 3 that follow.</param>
/// <param name="RungeKuttaCalls">How many calls at the start are Runge–Kutta's.</param>
/// <param name="Ratio">Training timesteps per step, rounded down.</param>
internal sealed record PNDMSteps(double[] Timesteps, int RungeKuttaCalls, int Ratio)
{
    private const int Order = 4;

    public static PNDMSteps Make(SamplerConfig config, SamplerRun run)
    {
        ClassOptions.NoCustom(run, nameof(PNDM));
        int trained = config.NumTrainTimesteps ?? 1000, steps = run.Steps;
        double[] falling = TimestepSpacing.Whole(config.TimestepSpacing ?? "leading", steps, trained, config.StepsOffset ?? 0);
        int ratio = trained / steps;
        if (config.SkipPrkSteps == true)
            return new(steps == 1 ? falling : [falling[0], falling[1], .. falling[1..]], 0, ratio);
        if (steps < Order)
            throw new NotSupportedException($"PNDM with skip_prk_steps false needs at least {Order} steps, not {steps}.");

        // Every step's ends and middle, the middle and the far end twice; a step's end is the next one's start.
        var calls = new List<double>();
        for (int i = 0; i < Order - 1; i++)
        {
            double middle = falling[i + 1] + ratio / 2;
            calls.AddRange([falling[i], middle, middle, falling[i + 1]]);
        }
        return new([.. calls, .. falling[3..]], calls.Count, ratio);
    }

    /// <summary>The redone step counts as the first; four Runge–Kutta calls are one step.</summary>
    public int StepOf(int index) =>
        RungeKuttaCalls == 0 ? Math.Max(0, index - 1)
        : index < RungeKuttaCalls ? index / 4
        : RungeKuttaCalls / 4 + index - RungeKuttaCalls;
}
