namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>Which part of a schedule img2img runs.</summary>
/// <param name="ScheduleSteps">Steps that the schedule is made for.</param>
/// <param name="First">Index of the level that the picture is noised to.</param>
/// <param name="Run">Steps that are run from there.</param>
public readonly record struct ImageToImageSteps(int ScheduleSteps, int First, int Run)
{
    /// <summary>A1111: strength 0.999 at most, and at least one step.</summary>
    public static ImageToImageSteps A1111(int steps, double strength)
    {
        int encoded = (int)(Math.Min(strength, 0.999) * steps);
        return new(steps, steps - encoded - 1, encoded + 1);
    }

    /// <summary>
    /// A1111's option to run as many steps as asked: the schedule is the longer, the weaker the strength.
    /// Null where the strength is zero, which A1111 cannot do either.
    /// </summary>
    public static ImageToImageSteps? A1111AllSteps(int steps, double strength)
    {
        if (strength <= 0) return null;
        int longer = (int)(steps / Math.Min(strength, 0.999));
        return new(longer, longer - steps, steps);
    }

    /// <summary>ComfyUI's denoise: always all steps, the last ones of a longer schedule; at 0 there is nothing to run.</summary>
    public static ImageToImageSteps ComfyUi(int steps, double denoise)
    {
        int longer = denoise is > 0.00005 and < 0.9999 ? (int)(steps / denoise) : steps;
        return denoise <= 0 ? new(longer, longer, 0) : new(longer, longer - steps, steps);
    }

    /// <summary>diffusers' pipelines; the steps may be none.</summary>
    public static ImageToImageSteps Diffusers(int steps, double strength)
    {
        int start = Math.Max(steps - Math.Min((int)(steps * strength), steps), 0);
        return new(steps, start, steps - start);
    }

    /// <summary>diffusers' flow pipelines (SD3, Flux): truncated after the subtraction, which may run one step more.</summary>
    public static ImageToImageSteps DiffusersFlow(int steps, double strength)
    {
        int start = (int)Math.Max(steps - Math.Min(steps * strength, steps), 0);
        return new(steps, start, steps - start);
    }

    /// <summary>
    /// The levels that are run, counted from the end as ComfyUI does and from the front as A1111 does: the same, unless the rule gave another
    /// count of levels than asked.
    /// </summary>
    public double[] Cut(IReadOnlyList<double> levels, SigmaConvention convention)
    {
        ArgumentNullException.ThrowIfNull(levels);
        int first = convention == SigmaConvention.ComfyUi ? Math.Max(levels.Count - (Run + 1), 0) : Math.Min(First, levels.Count);
        return Run == 0 ? [] : [.. levels.Skip(first)];
    }
}
