using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;
using Darkroom.Models.Tests.Graphs;
using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Families;

/// <summary>Models whose graphs were exported without dynamic axes: what they fix is known from the folder, and honoured.</summary>
public sealed class FixedDimensionsTests : IDisposable
{
    private readonly TestModel folder = TestModel.Sd15();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Denoiser_of_a_fixed_batch_gives_each_row_what_it_gives_alone(int batch)
    {
        using var free = ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1 });
        Fix("unet", "sample", batch, null, 8, 8);
        Fix("unet", "encoder_hidden_states", batch, null, null);
        Fix("unet", "out_sample", batch, null, 8, 8);
        var read = folder.Read();
        Assert.Equal((batch, new PixelSize(64, 64)), (read.FixedBatch, read.FixedSize));
        Assert.Equal((64, 64, 64, (string?)null), (read.NativeSize, read.MaxSize, read.SizeStep, read.Fault));

        using var model = ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1 });
        Assert.Equal((batch, int.MaxValue), (model.Denoiser.MaxRows, model.Decoder.MaxRows));
        var (expected, actual) = (Denoise(free), Denoise(model));
        for (int row = 0; row < expected.Length; row++)
            for (int i = 0; i < expected[row].Length; i++) Assert.Equal(expected[row][i], actual[row][i], 1e-5f);
    }

    [Fact]
    public void Text_of_a_fixed_length_is_cut_there_and_says_what_was_dropped()
    {
        Fix("unet", "encoder_hidden_states", null, 77, null);
        Assert.Equal(77, folder.Read().FixedTextTokens);
        using var model = ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1 });
        var texts = model.Tokenize([new PromptText("(red:1.3) apple BREAK green pear BREAK plum"), new PromptText("blurry")], TextReading.Weighted);
        Assert.All(texts, text => Assert.Equal((1, 77), (text.Encoders[0].Chunks, text.Encoders[0].Ids.Length)));
        Assert.Equal("green pear plum", texts[0].Dropped!.Trim());
        Assert.Null(texts[1].Dropped);
        Denoise(model);
    }

    [Fact]
    public void Shorter_text_is_filled_up_to_a_fixed_length()
    {
        Fix("unet", "encoder_hidden_states", null, 154, null);
        using var model = ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1 });
        foreach (var reading in Enum.GetValues<TextReading>())
            Assert.Equal(2, model.Tokenize([new PromptText("red apple")], reading)[0].Encoders[0].Chunks);
        Denoise(model);
    }

    [Fact]
    public void Length_that_no_number_of_chunks_has_is_a_fault()
    {
        Fix("unet", "encoder_hidden_states", null, 100, null);
        Assert.Equal("unet/model.onnx: takes texts of 100 tokens alone, which is no multiple of the text encoder's 77", folder.Read().Fault);
    }

    [Fact]
    public void Text_encoder_of_one_row_encodes_several_texts()
    {
        using var free = ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1 });
        Fix("text_encoder", "input_ids", 1, 77);
        using var model = ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1 });
        Assert.Equal(1, model.TextEncoders[0].MaxRows);
        string[] texts = ["red apple", "green pear", "plum"];
        var (expected, actual) = (free.Encode([.. texts.Select(text => free.Tokenize(text))]), model.Encode([.. texts.Select(text => model.Tokenize(text))]));
        for (int text = 0; text < texts.Length; text++)
            for (int i = 0; i < expected[text].Tensors[0].Values.Length; i++)
                Assert.Equal(expected[text].Tensors[0].Values[i], actual[text].Tensors[0].Values[i], 1e-5f);
    }

    [Fact]
    public void Autoencoder_of_one_size_limits_the_pictures_size()
    {
        Fix("vae_decoder", "latent_sample", 1, null, 8, 8);
        var read = folder.Read();
        Assert.Equal((new PixelSize(64, 64), (int?)null, 64), (read.FixedSize, read.FixedBatch, read.MaxSize));
        using var model = ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1 });
        float[] latents = [.. Enumerable.Range(0, 256).Select(i => MathF.Sin(i))], others = [.. latents.Select(value => -value)];
        var pictures = model.Decoder.Decode(new LatentShape(4, 8, 8), [latents, others], RunWidth.Wide);
        Assert.Equal(2, pictures.Count);
        Assert.NotEqual(pictures[0].Values, pictures[1].Values);
    }

    [Fact]
    public void Parts_of_different_sizes_are_a_fault()
    {
        Fix("unet", "sample", null, null, 8, 8);
        Fix("vae_decoder", "latent_sample", null, null, 16, 16);
        Assert.Equal("vae_decoder/model.onnx: takes 128 x 128 pixels alone, but unet/model.onnx takes 64 x 64 alone", folder.Read().Fault);
    }

    [Fact]
    public void Size_that_is_no_square_is_the_only_one_and_has_no_windows()
    {
        Fix("unet", "sample", null, null, 8, 12);
        var read = folder.Read();
        Assert.Equal((new PixelSize(96, 64), 96, 32), (read.FixedSize, read.MaxSize, read.SizeStep));
        Assert.Equal(["txt2img", "img2img", "inpaint", "denoise", "classify", "likelihood", "features"], read.Tasks);
    }

    [Fact]
    public void Refusal_names_the_axis_and_both_sizes()
    {
        Fix("unet", "sample", null, null, 8, 8);
        using var model = ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1 });
        var refusal = Assert.Throws<GraphException>(() => Denoise(model, side: 12));
        Assert.Contains("sample", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("index: 2 Got: 12 Expected: 8; index: 3 Got: 12 Expected: 8", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Please fix", refusal.Message, StringComparison.Ordinal);
    }

    private void Fix(string part, string port, params int?[] axes) => FixedAxes.Set(folder.File($"{part}/model.onnx"), port, axes);

    private static float[][] Denoise(IDiffusionModel model, int side = 8)
    {
        var noise = new PhiloxGenerator(7);
        var shape = new LatentShape(4, side, side);
        string[] texts = ["red apple", "green pear", "plum"];
        var rows = texts.Select(text =>
        {
            float[] latents = new float[shape.Length];
            noise.Normal(latents);
            return new DenoiserRow(latents, 1, 401, model.Encode([model.Tokenize(text)])[0], new float[shape.Length]);
        }).ToArray();
        model.Denoiser.Run(shape, rows, RunWidth.Wide);
        return [.. rows.Select(row => row.Output.ToArray())];
    }
}
