namespace Darkroom.Models.Residency;

/// <summary>A part of a model in a device's memory, as it was when it was asked for.</summary>
/// <param name="Name">Model and part: <c>starter/unet</c>; of an upscaler its id.</param>
/// <param name="Bytes">Of its weights: as their file has them, and what was measured beyond.</param>
/// <param name="IsOpening">Whether it is still on its way.</param>
/// <param name="IsHeld">Whether somebody works with it: it cannot leave for another's sake.</param>
public sealed record PlacedPart(string Name, long Bytes, bool IsOpening, bool IsHeld);
