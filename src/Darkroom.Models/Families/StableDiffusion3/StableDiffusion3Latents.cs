using Darkroom.Models.Families.Previews;

namespace Darkroom.Models.Families.StableDiffusion3;

/// <summary>The latents of Stable Diffusion 3's autoencoder.</summary>
internal static class StableDiffusion3Latents
{
    /// <summary>The factors are those that ComfyUI shows its previews with (github.com/comfyanonymous/ComfyUI, comfy/latent_formats.py, 2024).</summary>
    public static KnownLatents Known { get; } = new(16, 1.5305, new(
    [
        [-0.0922f, -0.0175f, 0.0749f], [0.0311f, 0.0633f, 0.0954f], [0.1994f, 0.0927f, 0.0458f], [0.0856f, 0.0339f, 0.0902f],
        [0.0587f, 0.0272f, -0.0496f], [-0.0006f, 0.1104f, 0.0309f], [0.0978f, 0.0306f, 0.0427f], [-0.0042f, 0.1038f, 0.1358f],
        [-0.0194f, 0.0020f, 0.0669f], [-0.0488f, 0.0130f, -0.0268f], [0.0922f, 0.0988f, 0.0951f], [-0.0278f, 0.0524f, -0.0542f],
        [0.0332f, 0.0456f, 0.0895f], [-0.0069f, -0.0030f, -0.0810f], [-0.0596f, -0.0465f, -0.0293f], [-0.1448f, -0.1463f, -0.1189f],
    ],
        [0.2394f, 0.2135f, 0.1925f]));
}
