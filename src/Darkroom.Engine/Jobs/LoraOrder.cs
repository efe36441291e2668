namespace Darkroom.Engine.Jobs;

/// <summary>A LoRA that a picture is made with.</summary>
/// <param name="Id">Of the LoRA.</param>
/// <param name="Weight">−4…4.</param>
/// <param name="TextWeight">The same for the text encoders; null: as <paramref name="Weight"/>.</param>
/// <param name="Hash">SHA-256 of its file, lower-case hex; null where it was not known when the job was accepted.</param>
public sealed record LoraOrder(string Id, double Weight, double? TextWeight = null, string? Hash = null);
