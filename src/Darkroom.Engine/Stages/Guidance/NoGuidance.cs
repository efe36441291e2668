namespace Darkroom.Engine.Stages.Guidance;

/// <summary>The prompt alone.</summary>
internal sealed class NoGuidance(int lanes) : GuidanceRule
{
    public override int FirstLane(int step) => lanes - 1;

    public override bool Guides(int step) => false;

    public override float[] Combine(Lane[] lanes, int step) => lanes[^1].Output;
}
