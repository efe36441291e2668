using Darkroom.Diffusion.Guidance;

namespace Darkroom.Engine.Stages.Guidance;

/// <summary>Classifier-free guidance whose answer is brought back to the prompt's own standard deviation by a share, against overexposure.</summary>
internal sealed class Rescaled(GuidedSteps guided, double scale, double rescale) : GuidanceRule
{
    private readonly ClassifierFree plain = new(guided, scale);

    public override int FirstLane(int step) => plain.FirstLane(step);

    public override bool Guides(int step) => plain.Guides(step);

    public override float[] Combine(Lane[] lanes, int step)
    {
        float[] combined = plain.Combine(lanes, step);
        if (guided.Contains(step)) GuidanceRescale.Apply(combined, lanes[1].Output, rescale);
        return combined;
    }
}
