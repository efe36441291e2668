namespace Darkroom.Client;

/// <summary>Where the time of a job went; pictures of one job add up.</summary>
/// <param name="QueuedMs">Milliseconds that it waited.</param>
/// <param name="EncodeMs">Milliseconds of encoding texts and pictures.</param>
/// <param name="DenoiseMs">Milliseconds of denoising.</param>
/// <param name="DecodeMs">Milliseconds of decoding.</param>
/// <param name="TotalMs">Milliseconds from acceptance to the end.</param>
/// <param name="Steps">Steps that were run.</param>
/// <param name="MeanBatch">Pictures that shared a call of the denoiser, in the mean.</param>
public sealed record JobTimings(double QueuedMs, double EncodeMs, double DenoiseMs, double DecodeMs, double TotalMs, int Steps, double MeanBatch);
