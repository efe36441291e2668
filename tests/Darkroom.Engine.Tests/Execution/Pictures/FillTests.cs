using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Samplers.Diffusers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Execution.Pictures;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Tests.Execution.Pictures;

/// <summary>Where denoising begins under a mask: AUTOMATIC1111's masked content "original", "latent noise" and "latent nothing".</summary>
public sealed class FillTests
{
    private static readonly LatentShape Shape = new(1, 1, 2); // the left cell stands, the right one is repainted
    private const float Content = 5, Step = 0.5f;

    [Theory]
    [InlineData(MaskFill.Original, Content)]
    [InlineData(MaskFill.Zero, 0)]
    [InlineData(MaskFill.Noise, 4 * Step)] // the draw after the picture's posterior, the noise and the masked picture's posterior
    public void What_stands_under_the_mask_is_noised_to_the_level_where_the_run_begins(MaskFill fill, float under)
    {
        var (latents, sampler) = Start(fill, strength: 0.5, begin: 2);
        double sigma = sampler.Sigmas[2];
        Assert.Equal((float)(Content + sigma * 2 * Step), latents[0], 1e-4f);
        Assert.Equal((float)(under + sigma * 2 * Step), latents[1], 1e-4f);
    }

    [Theory]
    [InlineData(MaskFill.Original)]
    [InlineData(MaskFill.Zero)]
    [InlineData(MaskFill.Noise)]
    public void At_full_strength_every_fill_begins_from_noise_alone(MaskFill fill)
    {
        var (latents, sampler) = Start(fill, strength: 1, begin: 0);
        Assert.All(latents, value => Assert.Equal((float)(sampler.InitialScale * 2 * Step), value, 1e-4f));
    }

    private static (float[] Latents, ISampler Sampler) Start(MaskFill fill, double strength, int begin)
    {
        var mask = new MaskEdit { Picture = new InputPicture("", 16, 8), Blur = 0, Fill = fill };
        var sent = Picture.Blank(16, 8, 1);
        for (int y = 0; y < 8; y++) sent.Row(y)[8..].Fill(255);
        var work = new InpaintWork(Picture.Blank(16, 8, 3), sent, mask, 16, 8, ResizeMode.Stretch);
        var run = new PictureRun(work, new PictureEdit { Picture = mask.Picture, Strength = strength, Mask = mask }, Shape, seesMask: false);
        run.Open();
        // A posterior of no width: the mean alone counts, whatever is drawn for it.
        for (int i = 0; i < 2; i++) run.Encoded[i] = new EncodedPicture([Content, Content, -30, -30], areMoments: true, scaling: 1, shift: 0);
        var sampler = DiffusersSamplers.Create("EulerDiscrete", new SamplerConfig(), new SamplerRun { Steps = 4 });
        var latents = new float[Shape.Length];
        run.Start(latents, sampler, begin, new Steps());
        return (latents, sampler);
    }

    /// <summary>The first draw is all 0.5, the second all 1, and so on.</summary>
    private sealed class Steps : INoiseSource
    {
        private int draws;

        public void Normal(Span<float> destination) => destination.Fill(++draws * Step);

        public void Increment(double sigma, double sigmaNext, Span<float> destination) => throw new NotSupportedException();
    }
}
