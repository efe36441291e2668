using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Stages;

/// <summary>Calls that one stage of a picture is estimated to take, from its request and descriptions alone.</summary>
/// <param name="Key">What they cost by.</param>
/// <param name="Lanes">Evaluations in each.</param>
/// <param name="Calls">How many for each pass.</param>
/// <param name="Megapixels">Of the picture that a call works at.</param>
internal sealed record StageWork(CostKey Key, int Lanes, double Calls, double Megapixels)
{
    /// <summary>Times that it runs: an outpainting's windows; 1 for what runs once.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>Which pass of the request it belongs to: 1 from where a second pass begins.</summary>
    public int Pass { get; init; }

    /// <summary>What one evaluation counts in its caller's share.</summary>
    public double MegapixelSteps => Megapixels * Key.Kind.ShareWeight;
}
