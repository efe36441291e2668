namespace Darkroom.Diffusion.Schedules;

/// <summary>
/// Where the steps lie among the training timesteps, noisiest first. The three rules are those of Lin et al. 2024, table 2, with the rounding
/// that diffusers' numpy code has.
/// </summary>
public static class TimestepSpacing
{
    /// <summary>The rule's points; linspace gives fractional ones.</summary>
    /// <param name="spacing">linspace, leading or trailing.</param>
    /// <param name="steps">Number of points, 1 or more.</param>
    /// <param name="trained">Number of training timesteps.</param>
    /// <param name="offset">Added under leading (diffusers' <c>steps_offset</c>).</param>
    /// <exception cref="NotSupportedException">The rule is unknown, or more steps are asked than it can give.</exception>
    public static double[] Fractional(string spacing, int steps, int trained, int offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return spacing switch
        {
            "linspace" => Linspace(steps, trained),
            "leading" => Leading(steps, trained, offset),
            "trailing" => Trailing(steps, trained),
            _ => throw new NotSupportedException($"timestep_spacing '{spacing}' is unknown; known are linspace, leading, trailing."),
        };
    }

    /// <summary>The same points as whole numbers: linspace is rounded, halves to even.</summary>
    public static double[] Whole(string spacing, int steps, int trained, int offset) =>
        Array.ConvertAll(Fractional(spacing, steps, trained, offset), Math.Round);

    private static double[] Linspace(int steps, int trained)
    {
        var result = new double[steps];
        double step = steps == 1 ? 0 : (double)(trained - 1) / (steps - 1);
        for (int i = 0; i < steps; i++)
            result[steps - 1 - i] = i * step;
        // The far end is set, not multiplied up; one step alone is timestep 0, as in numpy.
        if (steps > 1) result[0] = trained - 1;
        return result;
    }

    private static double[] Leading(int steps, int trained, int offset)
    {
        int ratio = trained / steps;
        if (ratio == 0)
            throw new NotSupportedException($"timestep_spacing 'leading' has no {steps} steps among {trained} timesteps; at most {trained}.");
        var result = new double[steps];
        for (int i = 0; i < steps; i++)
            result[steps - 1 - i] = i * ratio + offset;
        return result;
    }

    /// <summary>
    /// numpy's arange(trained, 0, −trained/steps), less one. For a few counts (61, 103, …) arange runs one entry over the end by rounding;
    /// that entry would be timestep −1 and is left out.
    /// </summary>
    private static double[] Trailing(int steps, int trained)
    {
        if (steps > trained)
            throw new NotSupportedException($"timestep_spacing 'trailing' has no {steps} steps among {trained} timesteps; at most {trained}.");
        double ratio = (double)trained / steps;
        // arange multiplies the difference of its first two entries, which is not the step to the last bit and decides some halves.
        double delta = trained - ratio - trained;
        var result = new double[steps];
        for (int i = 0; i < steps; i++)
            result[i] = Math.Round(trained + i * delta) - 1;
        return result;
    }
}
