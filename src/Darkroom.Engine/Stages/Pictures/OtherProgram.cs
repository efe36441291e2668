using Darkroom.Diffusion.Noise;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Masks;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>What a picture's run takes from the program whose pictures are reproduced: no posterior is drawn, and masks are read and kept its way.</summary>
/// <param name="Compatibility">A1111 or ComfyUI.</param>
/// <param name="Blending">Where what stands under a mask is put back.</param>
/// <param name="SeedNoise">The noise of the picture's seed, which a mask may be filled with.</param>
internal sealed record OtherProgram(Compatibility Compatibility, MaskBlending Blending, NoisePosition SeedNoise)
{
    /// <summary>Of a row; null: its pictures are diffusers', or an outpainting, which has rules of its own.</summary>
    public static OtherProgram? Of(RowMemory row) => row.Request is { Compatibility: Compatibility.Diffusers } or { Edit.Extension: not null } ? null
        : new(row.Request.Compatibility, MaskBlendings.Of(row.Request), NoiseOfRow.SeedOf(row.Request, row.Index));

    /// <summary>A mask on the latents' grid: A1111's has two levels, ComfyUI's as many as it was sent with. // [h, w]</summary>
    public float[] Read(Picture mask, int width, int height) => Compatibility == Compatibility.A1111
        ? MaskArithmetic.ToLatentsByBicubic(mask, width, height)
        : MaskArithmetic.ToLatentsByBilinear(mask, width, height);
}
