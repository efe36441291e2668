namespace Darkroom.Diffusion.Schedules;

/// <summary>
/// The integer timesteps of diffusers' exponential solvers (DPM-Solver, UniPC, DEIS, SA-Solver): unlike DDIM's they cut the training steps into
/// one part more than there are steps and leave the cleanest end to the final sigma. Falling.
/// </summary>
internal static class SolverTimesteps
{
    /// <param name="spacing">linspace, leading or trailing (Lin et al. 2024, table 2).</param>
    /// <param name="steps">Steps asked for; trailing gives another count where <paramref name="last"/> is below <paramref name="trained"/>.</param>
    /// <param name="trained">Training timesteps.</param>
    /// <param name="last">Training timesteps that may be used, counted from the clean end.</param>
    /// <param name="offset">steps_offset, which leading alone adds.</param>
    /// <exception cref="NotSupportedException">The spacing is unknown; the message names it.</exception>
    public static double[] Create(string spacing, int steps, int trained, int last, int offset)
    {
        switch (spacing)
        {
            case "linspace":
                double part = (last - 1) / (double)steps;
                return Falling(steps, i => i == steps ? last - 1 : Math.Round(i * part));
            case "leading":
                int ratio = last / (steps + 1);
                if (ratio == 0)
                    throw new NotSupportedException($"timestep_spacing 'leading' has no {steps} steps among {last} timesteps; at most {last - 1}.");
                return Falling(steps, i => i * ratio + offset);
            case "trailing":
                if (steps > trained)
                    throw new NotSupportedException($"timestep_spacing 'trailing' has no {steps} steps among {trained} timesteps; at most {trained}.");
                // The stride is rounded as numpy.arange does, which decides which way a half falls; where arange runs one entry over the end
                // (61 steps, 103 ...) that entry would be timestep −1 and is left out.
                double stride = -(trained / (double)steps);
                int count = (int)Math.Ceiling(-last / stride);
                stride = last + stride - last;
                return [.. Enumerable.Range(0, count).Select(i => Math.Round(last + i * stride) - 1).Where(t => t >= 0)];
            default:
                throw new NotSupportedException($"timestep_spacing '{spacing}' is unknown; known are linspace, leading, trailing.");
        }
    }

    private static double[] Falling(int steps, Func<int, double> at) => [.. Enumerable.Range(0, steps).Select(i => at(steps - i))];
}
