using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Families.Previews;

namespace Darkroom.Engine.Previews;

/// <summary>What a preview is made of: a copy of the denoised latents at a step boundary.</summary>
/// <param name="Job">Id of the job.</param>
/// <param name="Index">Which of its pictures, from 0.</param>
/// <param name="Step">Steps of that picture that are done.</param>
/// <param name="Shape">Of the latents.</param>
/// <param name="Width">Pixels of the picture that is being made.</param>
/// <param name="Height">Pixels of the picture that is being made.</param>
/// <param name="Latents">C · h · w values.</param>
/// <param name="Look">Turns them into pixels.</param>
internal sealed record PreviewSketch(string Job, int Index, int Step, LatentShape Shape, int Width, int Height, ReadOnlyMemory<float> Latents,
    ILatentPreview Look);
