namespace Darkroom.Models.Residency;

/// <summary>A part in a device's memory, as it was when somebody looked.</summary>
/// <param name="Owner">Id of its model, or of the upscaler that it is.</param>
/// <param name="Name">Of the part.</param>
/// <param name="Bytes">What is set aside for it: its file, what it was measured to take beyond, and a second session where it has one.</param>
/// <param name="IsHeld">Whether somebody works with it, so that it cannot leave.</param>
/// <param name="Idle">Since somebody got it or gave it back.</param>
public sealed record ResidentPart(string Owner, string Name, long Bytes, bool IsHeld, TimeSpan Idle)
{
    /// <summary>Its name with its model's before it.</summary>
    public required string FullName { get; init; }

    /// <summary>Whether it is still on its way.</summary>
    public bool IsOpening { get; init; }
}
