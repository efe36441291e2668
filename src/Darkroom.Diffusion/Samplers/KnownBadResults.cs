using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers;

/// <summary>
/// Combinations whose pictures are bad in the programs that we equal, and so here. What they give stays as it is, but nobody should have to find out why.
/// </summary>
public static class KnownBadResults
{
    /// <summary>The longest run that diffusers' LMS leaves noise in when it begins late.</summary>
    private const int LmsSteps = 6;

    /// <summary>A sentence for the answer's warnings; null where nothing bad is known.</summary>
    /// <param name="sampler">The rule.</param>
    /// <param name="schedule">A name of the schedule catalog; null: the sampler's own.</param>
    /// <param name="steps">Steps of the whole schedule.</param>
    /// <param name="left">Steps of them that are run: fewer for img2img and the like.</param>
    public static string? Find(SamplerInfo sampler, string? schedule, int steps, int left)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        bool late = left > 0 && left < steps;
        return sampler.Name switch
        {
            // Half-way the steps grow many times over, and the polynomial through the last slopes is carried far beyond them.
            "lms" when schedule == "linear_quadratic" && left > 2 =>
                "sampler 'lms' is unstable on schedule 'linear_quadratic'; use another sampler or schedule",
            // diffusers' weights are those of a run from the start: the slopes that were never taken are missing from the sum.
            "lms" when late && left <= LmsSteps && SamplerFactory.FollowsRuleOfDiffusers(sampler, schedule ?? ScheduleCatalog.Default) =>
                Noise(sampler, steps, left),
            // The first step is done twice, at timesteps that are no repeat where the run begins late (see PNDM).
            "pndm" when late && steps <= (left == 1 ? 10 : left == 2 ? 5 : 0) => Noise(sampler, steps, left),
            _ => null,
        };
    }

    private static string Noise(SamplerInfo sampler, int steps, int left) =>
        $"sampler '{sampler.Name}' leaves noise where {left} of {steps} steps are run, as it does in diffusers; use another sampler or a larger strength";
}
