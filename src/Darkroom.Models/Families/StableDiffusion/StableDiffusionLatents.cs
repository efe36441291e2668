using Darkroom.Models.Families.Previews;

namespace Darkroom.Models.Families.StableDiffusion;

/// <summary>The latents of Stable Diffusion 1.x and 2.x, which have one autoencoder.</summary>
public static class StableDiffusionLatents
{
    /// <summary>What a folder without the autoencoder's configuration gets.</summary>
    public const double ScalingFactor = 0.18215;

    public const int Channels = 4;

    /// <summary>
    /// The factors were fitted to Stable Diffusion 1.4 and published in Hugging Face's forum, topic 23204, "Decoding latents to RGB without upscaling".
    /// </summary>
    public static LinearPreview Preview => new(
    [
        [0.298f, 0.207f, 0.208f],
        [0.187f, 0.286f, 0.173f],
        [-0.158f, 0.189f, 0.264f],
        [-0.184f, -0.271f, -0.473f],
    ]);
}
