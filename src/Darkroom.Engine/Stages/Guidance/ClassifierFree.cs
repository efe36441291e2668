using Darkroom.Diffusion.Guidance;

namespace Darkroom.Engine.Stages.Guidance;

/// <summary>negative + scale · (positive − negative) at guided steps; the prompt alone at the others, where the negative lane is not evaluated.</summary>
internal sealed class ClassifierFree(GuidedSteps guided, double scale) : GuidanceRule
{
    public override int FirstLane(int step) => guided.Contains(step) ? 0 : 1;

    public override bool Guides(int step) => guided.Contains(step);

    public override float[] Combine(Lane[] lanes, int step)
    {
        if (!guided.Contains(step)) return lanes[1].Output;
        float[] negative = lanes[0].Output;
        ClassifierFreeGuidance.Apply(negative, negative, lanes[1].Output, scale);
        return negative;
    }
}
