using Darkroom.Diffusion.Guidance;

namespace Darkroom.Engine.Stages.Guidance;

/// <summary>
/// Guidance by text and picture (Brooks et al. 2022, equation 3): neither + picture scale · (picture − neither) + Σ scale · weight · (text − picture), where
/// lane 0 has neither, lane 1 the picture with the negative prompt, and the others picture and prompt. The prompt alone at steps that are not guided.
/// </summary>
internal sealed class Edited(GuidedSteps? guided, double scale, double pictureScale, bool isComposed) : GuidanceRule
{
    public override int FirstLane(int step) => Guides(step) || isComposed ? 0 : 2;

    public override bool Guides(int step) => guided?.Contains(step) == true;

    public override float[] Combine(Lane[] lanes, int step)
    {
        if (!Guides(step) && !isComposed) return lanes[2].Output;
        float[] combined = lanes[0].Output, picture = lanes[1].Output;
        double now = Guides(step) ? scale : 1;
        ComposedGuidance.Add(combined, combined, picture, Guides(step) ? pictureScale : 1);
        for (int part = 2; part < lanes.Length; part++) ComposedGuidance.Add(combined, picture, lanes[part].Output, now * lanes[part].Weight);
        return combined;
    }
}
