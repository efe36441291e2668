using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;

namespace Darkroom.Models.Tests.Families;

public sealed class LatentPreviewTests
{
    [Fact]
    public void Linear_look_is_the_sum_over_the_channels_in_every_cell()
    {
        var look = new LinearPreview([[1, 0, 0.5f], [0, 2, 0]]).Run(new LatentShape(2, 1, 3), new float[] { 1, 2, 3, 10, 20, 30 });
        Assert.Equal((3, 1), (look.Width, look.Height));
        Assert.Equal([1, 2, 3, 20, 40, 60, 0.5f, 1, 1.5f], look.Values);
    }

    [Fact]
    public void Stable_Diffusions_latents_are_known_and_the_starters_are_shown_by_its_own_decoder()
    {
        using var known = Load(TestModel.SourceOf("sd15-tiny"));
        Assert.IsType<LinearPreview>(known.Preview);

        // A colour of each latent, and what grey they begin from: the offsets of both families differ.
        foreach (var (family, offset) in ((string, float)[])[("sd3-tiny", 0.2394f), ("flux-tiny", -0.0329f)])
        {
            using var model = Load(TestModel.SourceOf(family));
            var linear = Assert.IsType<LinearPreview>(model.Preview);
            var picture = linear.Run(new LatentShape(16, 2, 3), new float[16 * 6]);
            Assert.Equal((3, 2, offset), (picture.Width, picture.Height, picture.Values[0]));
        }

        using var starter = Load(TestModel.Starter);
        var look = Assert.IsType<DecoderPreview>(starter.Preview);
        var shape = new LatentShape(64, 8, 12);
        float[] latents = [.. Enumerable.Range(0, shape.Length).Select(i => MathF.Sin(i * 0.37f))];
        var (seen, decoded) = (look.Run(shape, latents), starter.Decoder.Decode(shape, [latents], RunWidth.Wide)[0]);
        Assert.Equal((96, 64), (seen.Width, seen.Height));
        for (int i = 0; i < seen.Values.Length; i++) Assert.Equal(decoded.Values[i], seen.Values[i], 1e-4f);
    }

    [Fact]
    public void Look_at_a_model_that_was_let_go_is_refused_and_opens_nothing()
    {
        var look = new DecoderPreview(Path.Combine(TestModel.Starter, "vae_decoder", "model.onnx"), new AutoencoderScale { ScalingFactor = 1 }, 8);
        look.Dispose();
        Assert.Throws<ObjectDisposedException>(() => look.Run(new LatentShape(64, 8, 8), new float[64 * 64]));
    }

    [Fact]
    public void Latents_of_another_scale_with_a_large_decoder_have_no_quick_look()
    {
        using var model = TestModel.Sd15();
        model.Set("vae_decoder/config.json", "scaling_factor", "0.5");
        string decoder = model.File("vae_decoder/model.onnx");
        using var other = Load(model.Path);
        Assert.Equal(new FileInfo(decoder).Length <= DecoderPreview.MaxFileBytes, other.Preview is DecoderPreview);
        model.Write("vae_decoder/model.onnx_data", new byte[1]);
        Assert.False(DecoderPreview.Suits(decoder));
        Assert.False(DecoderPreview.Suits(decoder + ".gone"));
    }

    private static Models.Families.IDiffusionModel Load(string folder) =>
        ModelFolder.Load(folder, new SessionSettings { Threads = 1 });
}
