namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>A LoRA that a model is wanted with.</summary>
/// <param name="Id">As requests name it.</param>
/// <param name="Path">Its file.</param>
/// <param name="Hash">SHA-256 of the file, lower-case hex.</param>
/// <param name="Weight">What the denoiser's changes are multiplied by.</param>
/// <param name="TextWeight">What the text encoders' changes are multiplied by.</param>
public sealed record LoraChoice(string Id, string Path, string Hash, double Weight, double TextWeight);
