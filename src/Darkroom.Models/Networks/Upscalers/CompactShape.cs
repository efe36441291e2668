namespace Darkroom.Models.Networks.Upscalers;

/// <summary>What a compact upscaler is built of; all can be read off the weights' shapes. The defaults are Real-ESRGAN's general x4v3.</summary>
/// <param name="Features">Channels of the stream.</param>
/// <param name="Convolutions">Convolutions between the first and the last.</param>
/// <param name="Scale">How many times it enlarges.</param>
internal sealed record CompactShape(int Features = 64, int Convolutions = 32, int Scale = 4);
