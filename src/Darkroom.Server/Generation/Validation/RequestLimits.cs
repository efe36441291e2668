namespace Darkroom.Server.Generation.Validation;

/// <summary>How much work one request may ask for, under <c>Darkroom:Limits</c>: what is more is refused before it is stored.</summary>
public sealed record RequestLimits
{
    /// <summary>Chunks that the text encoders are asked for: different texts × chunks of the longest.</summary>
    public int TextChunks { get; init; } = 2048;

    /// <summary>MiB of what the texts become.</summary>
    public int TextMiB { get; init; } = 512;

    /// <summary>
    /// Windows that an outpainted picture is painted in; each is a run of the sampler. A model of 512 pixels adds 2000 on every side in fewer.
    /// </summary>
    public int Windows { get; init; } = 512;

    /// <summary>Tiles of an upscaler, over all pictures: twice what eight pictures of 8192 x 8192 take in tiles of 256.</summary>
    public int Tiles { get; init; } = 16_384;

    /// <summary>Megapixels × calls of the denoiser, over all pictures; 150 guided steps of eight pictures of 2048 x 2048 are 5,033.</summary>
    public double MegapixelSteps { get; init; } = 16_384;
}
