using Darkroom.Models.Families.Previews;

namespace Darkroom.Models.Families.StableDiffusionXl;

/// <summary>The latents of Stable Diffusion XL's autoencoder.</summary>
internal static class StableDiffusionXlLatents
{
    /// <summary>
    /// The factors are those of Timothy Alexis Vass, "Explaining the SDXL latent space" (Hugging Face's blog, 2024), which gives colours of 0…255.
    /// </summary>
    public static KnownLatents Known { get; } = new(4, 0.13025, new(
        [[60 / Half, 60 / Half, 60 / Half], [-60 / Half, -5 / Half, 10 / Half], [25 / Half, 15 / Half, -5 / Half], [-70 / Half, -50 / Half, -35 / Half]],
        [150 / Half - 1, 140 / Half - 1, 130 / Half - 1]));

    private const float Half = 127.5f;
}
