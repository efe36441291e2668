using Darkroom.Diffusion.Guidance;

namespace Darkroom.Engine.Stages.Guidance;

/// <summary>
/// negative + Σ scale · weight · (part − negative) over the parts of a prompt joined by AND; the scale is 1 at steps that are not guided. Every lane is
/// evaluated at every step, since the sum needs the negative prompt's answer.
/// </summary>
internal sealed class Composed(GuidedSteps? guided, double scale, int length) : GuidanceRule
{
    private readonly float[] combined = new float[length];

    public override int FirstLane(int step) => 0;

    public override bool Guides(int step) => guided?.Contains(step) == true;

    public override float[] Combine(Lane[] lanes, int step)
    {
        float[] negative = lanes[0].Output;
        negative.CopyTo(combined, 0);
        double now = Guides(step) ? scale : 1;
        for (int part = 1; part < lanes.Length; part++)
            ComposedGuidance.Add(combined, negative, lanes[part].Output, now * lanes[part].Weight);
        return combined;
    }
}
