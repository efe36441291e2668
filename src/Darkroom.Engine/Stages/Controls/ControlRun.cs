using Darkroom.Engine.Jobs;
using Darkroom.Models.ControlNets;

namespace Darkroom.Engine.Stages.Controls;

/// <summary>A ControlNet of a row: the network, and what it is shown at the size that is denoised.</summary>
/// <param name="order">What was asked.</param>
/// <param name="net">The network.</param>
/// <param name="picture">What it is shown.</param>
internal sealed class ControlRun(ControlOrder order, ControlNetPart net, ControlPicture picture)
{
    /// <summary>In guess mode the first block counts for a tenth, the middle for all, and the others for powers between.</summary>
    private const double MinOfGuess = 0.1;

    public ControlNetPart Net => net;

    public ControlPicture Picture => picture;

    /// <summary>Whether the lanes of the negative prompt are left alone.</summary>
    public bool LeavesNegative => order.Guess;

    /// <summary>Whether it is asked at a step, as diffusers counts: one that lies across an end is left out.</summary>
    public bool IsAsked(int step, int steps) => order.Weight > 0 && (double)step / steps >= order.Start && (step + 1.0) / steps <= order.End;

    /// <summary>What its answer i of n counts.</summary>
    public double WeightOf(int i, int n) => order.Weight * (order.Guess ? Math.Pow(MinOfGuess, 1 - i / (n - 1.0)) : 1);
}
