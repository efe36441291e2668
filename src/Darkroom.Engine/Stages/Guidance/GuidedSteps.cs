using Darkroom.Diffusion.Guidance;

namespace Darkroom.Engine.Stages.Guidance;

/// <summary>The steps of a run that are guided.</summary>
internal sealed class GuidedSteps(GuidanceInterval interval, int steps)
{
    public bool Contains(int step) => interval.Guides(step, steps);
}
