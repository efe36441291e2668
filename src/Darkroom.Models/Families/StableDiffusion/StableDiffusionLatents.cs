using Darkroom.Models.Families.Previews;

namespace Darkroom.Models.Families.StableDiffusion;

/// <summary>The latents of Stable Diffusion 1.x and 2.x, which have one autoencoder.</summary>
public static class StableDiffusionLatents
{
    /// <summary>
    /// The factors were fitted to Stable Diffusion 1.4 and published in Hugging Face's forum, topic 23204, "Decoding latents to RGB without upscaling".
    /// </summary>
    public static KnownLatents Known { get; } = new(4, 0.18215, new(
    [
        [0.298f, 0.207f, 0.208f],
        [0.187f, 0.286f, 0.173f],
        [-0.158f, 0.189f, 0.264f],
        [-0.184f, -0.271f, -0.473f],
    ]));
}
