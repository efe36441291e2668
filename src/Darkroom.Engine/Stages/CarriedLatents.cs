using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Stages;

/// <summary>The latents that a second pass begins with, at its own size.</summary>
/// <param name="values">[C, h, w]; used up by <see cref="Start"/>.</param>
internal sealed class CarriedLatents(float[] values)
{
    /// <summary>
    /// What the first pass made, enlarged as it is until it covers the second canvas; what stands over is cut off evenly, the odd cell at the end, as A1111
    /// does.
    /// </summary>
    /// <param name="latents">Of the first pass.</param>
    /// <param name="from">Their shape.</param>
    /// <param name="to">Of the second pass.</param>
    /// <param name="way">How they are enlarged.</param>
    public static CarriedLatents Enlarge(float[] latents, LatentShape from, LatentShape to, LatentUpscale way)
    {
        bool byWidth = (long)to.Width * from.Height >= (long)to.Height * from.Width;
        int width = byWidth ? to.Width : (int)((long)from.Width * to.Height / from.Height);
        int height = byWidth ? (int)((long)from.Height * to.Width / from.Width) : to.Height;
        (width, height) = (Math.Max(width, to.Width), Math.Max(height, to.Height));
        float[] larger = LatentResize.Run(latents, from, height, width, way.Filter, way.Antialias);
        if ((width, height) == (to.Width, to.Height)) return new(larger);
        var cut = new float[to.Length];
        int left = (width - to.Width) / 2, top = (height - to.Height) / 2;
        for (int channel = 0; channel < to.Channels; channel++)
            for (int y = 0; y < to.Height; y++)
                larger.AsSpan((channel * height + top + y) * width + left, to.Width).CopyTo(cut.AsSpan((channel * to.Height + y) * to.Width));
        return new(cut);
    }

    /// <summary>Sets the latents to where denoising begins: the pass's own noise is put on what the first one made.</summary>
    public void Start(float[] latents, LatentShape shape, ISampler sampler, int begin, INoiseSource source)
    {
        var noise = new float[latents.Length];
        source.First(noise, shape);
        values.CopyTo(latents, 0);
        sampler.AddNoise(latents, noise, begin);
        values = [];
    }

    /// <summary>Sets the latents to what the first pass made, where the second runs no step.</summary>
    public void Stand(float[] latents) => values.CopyTo(latents, 0);
}
