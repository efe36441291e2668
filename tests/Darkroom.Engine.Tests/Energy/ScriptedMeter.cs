using Darkroom.Engine.Energy;

namespace Darkroom.Engine.Tests.Energy;

/// <summary>A meter that shows what a test says, or so many joules more at every look.</summary>
internal sealed class ScriptedMeter(double perLook = 0) : IEnergyMeter
{
    public double Total { get; set; }

    public bool IsAway { get; set; }

    public double? Joules => IsAway ? null : Total += perLook;
}
