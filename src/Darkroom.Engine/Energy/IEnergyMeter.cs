namespace Darkroom.Engine.Energy;

/// <summary>Tells how much energy a device has taken. Asked before and after every call, by any thread: it allocates nothing.</summary>
public interface IEnergyMeter
{
    /// <summary>Joules since a moment of its own; it only grows. Null: it cannot be told now.</summary>
    double? Joules { get; }
}
