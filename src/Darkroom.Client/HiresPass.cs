namespace Darkroom.Client;

/// <summary>A second pass at a larger size: the first one's latents are enlarged, noised and denoised again.</summary>
public sealed record HiresPass
{
    /// <summary>1…4; null: the sizes say it, or 2.</summary>
    public double? Scale { get; init; }

    /// <summary>Pixels, in place of <see cref="Scale"/>; null: it follows the height's factor.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels, in place of <see cref="Scale"/>; null: it follows the width's factor.</summary>
    public int? Height { get; init; }

    /// <summary>
    /// <c>latent</c>, <c>latent_antialiased</c>, <c>latent_bicubic</c>, <c>latent_bicubic_antialiased</c>, <c>latent_nearest</c>, <c>latent_nearest_exact</c>,
    /// or an upscaler's id, which enlarges the decoded picture; null: <c>latent</c>.
    /// </summary>
    public string? Upscaler { get; init; }

    /// <summary>0…150; 0 or null: as many as the first pass.</summary>
    public int? Steps { get; init; }

    /// <summary>0…1; null: 0.7.</summary>
    public double? Strength { get; init; }

    /// <summary>Null: the first pass's.</summary>
    public string? Prompt { get; init; }

    /// <summary>Null: the first pass's.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>Null: the first pass's.</summary>
    public SamplerName? Sampler { get; init; }
}
