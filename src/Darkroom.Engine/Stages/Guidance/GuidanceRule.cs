using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Stages.Guidance;

/// <summary>How the answers of a row's lanes become one. Each row has its own; all of it is arithmetic on the lanes' buffers.</summary>
internal abstract class GuidanceRule
{
    /// <summary>The first lane that is evaluated at a step; those before it are left out there.</summary>
    public abstract int FirstLane(int step);

    /// <summary>Whether a step is guided.</summary>
    public abstract bool Guides(int step);

    /// <summary>The answer to a step. // [C, h, w]</summary>
    /// <param name="lanes">With their answers, the negative prompt's first where there is one; their buffers may be used up.</param>
    /// <param name="step">Of the schedule, from 0.</param>
    public abstract float[] Combine(Lane[] lanes, int step);

    /// <summary>The rule of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="texts">What its lanes read.</param>
    /// <param name="steps">Of the whole schedule.</param>
    /// <param name="length">C · h · w.</param>
    public static GuidanceRule Of(GenerationRequest request, RowTexts texts, int steps, int length)
    {
        var guided = request.IsGuided && texts.HasNegative ? new GuidedSteps(request.GuidanceInterval, steps) : null;
        if (texts.Unshown > 0)
            return new Edited(guided, request.LaneGuidance, request.ImageGuidanceScale ?? 1, texts.Plan.IsComposed);
        if (texts.Plan.IsComposed) return new Composed(guided, request.LaneGuidance, length);
        if (guided is null) return new NoGuidance(texts.Lanes);
        return request.GuidanceRescale > 0
            ? new Rescaled(guided, request.LaneGuidance, request.GuidanceRescale)
            : new ClassifierFree(guided, request.LaneGuidance);
    }
}
