using Darkroom.Models.Families.Previews;

namespace Darkroom.Models.Families.StableDiffusionXl;

/// <summary>The latents of Stable Diffusion XL's autoencoder.</summary>
internal static class StableDiffusionXlLatents
{
    /// <summary>What a folder without the autoencoder's configuration gets.</summary>
    public const double ScalingFactor = 0.13025;

    public const int Channels = 4;

    /// <summary>
    /// The factors are those of Timothy Alexis Vass, "Explaining the SDXL latent space" (Hugging Face's blog, 2024), which gives colours of 0…255.
    /// </summary>
    public static LinearPreview Preview => new(
        [[60 / Half, 60 / Half, 60 / Half], [-60 / Half, -5 / Half, 10 / Half], [25 / Half, 15 / Half, -5 / Half], [-70 / Half, -50 / Half, -35 / Half]],
        [150 / Half - 1, 140 / Half - 1, 130 / Half - 1]);

    private const float Half = 127.5f;
}
