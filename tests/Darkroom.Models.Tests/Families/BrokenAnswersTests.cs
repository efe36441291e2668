using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;
using Darkroom.Models.Tests.Graphs;

namespace Darkroom.Models.Tests.Families;

/// <summary>Parts that open, and answer with something else than what was asked: no picture is made of it.</summary>
public sealed class BrokenAnswersTests : IDisposable
{
    private static readonly LatentShape Shape = new(4, 8, 12);
    private readonly TestModel folder = TestModel.Sd15();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Spoils => ["half", "one column short", "three axes", "two channels"];

    [Theory]
    [MemberData(nameof(Spoils))]
    public void Picture_of_another_size_than_the_latents_have_is_refused(string spoil)
    {
        using var model = Spoilt("vae_decoder", "sample", spoil);
        var refusal = Assert.Throws<GraphException>(() => Decode(model, 1));
        Assert.Equal(GraphFault.Refused, refusal.Fault);
        Assert.Contains("[1, 3, 64, 96] was expected", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decoder_that_answers_for_the_first_row_alone_gives_every_picture_since_each_has_a_call_of_its_own()
    {
        using var healthy = Load();
        using var model = Spoilt("vae_decoder", "sample", "first row");
        var (expected, given) = (Decode(healthy, 2), Decode(model, 2));
        Assert.Equal(2, given.Count);
        Assert.Equal(expected.Select(picture => picture.Values), given.Select(picture => picture.Values));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Values_that_are_not_finite_are_handed_on_as_they_are(float value)
    {
        SpoiltGraph.Add(folder.File("vae_decoder/model.onnx"), "sample", value);
        using var model = Load();
        Assert.All(Decode(model, 1)[0].Values, one => Assert.Equal(value, one));
    }

    [Theory]
    [MemberData(nameof(Spoils))]
    public void Encoder_that_gives_latents_of_another_size_is_refused(string spoil)
    {
        using var model = Spoilt("vae_encoder", "latent_parameters", spoil);
        Assert.Throws<GraphException>(() => model.Encoder!.Encode(96, 64, [new float[3 * 96 * 64]], RunWidth.Wide));
    }

    [Fact]
    public void Text_encoder_that_loses_a_token_is_refused()
    {
        SpoiltGraph.Cut(folder.File("text_encoder/model.onnx"), "last_hidden_state", axis: 1);
        using var model = Load();
        var refusal = Assert.Throws<GraphException>(() => model.Encode([model.Tokenize("red apple")]));
        Assert.Contains("[1, 77, any] was expected", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upscaler_that_answers_at_another_scale_than_it_was_found_to_have_is_refused()
    {
        using var upscalers = new Upscaling.UpscalersFolder().Write("tiny.onnx", new Upscaling.TinyGraph());
        string file = Path.Combine(upscalers.Path, "upscalers", "tiny.onnx");
        using var upscaler = Models.Upscaling.Upscaler.Load(file, upscalers.Read().Find("tiny")!, new SessionSettings { Threads = 1 });
        var time = File.GetLastWriteTimeUtc(file);
        upscalers.Write("tiny.onnx", new Upscaling.TinyGraph { Scale = 3 });
        File.SetLastWriteTimeUtc(file, time); // nobody notices
        upscaler.Invalidate();
        await upscaler.RebuildAsync();
        float[] answer = new float[12];
        var refusal = Assert.Throws<GraphException>(() => upscaler.RunTiles(1, 1, [new Models.Upscaling.TileBuffers(new float[3], answer)]));
        Assert.Contains("[1, 3, 2, 2] was expected", refusal.Message, StringComparison.Ordinal);
    }

    private IDiffusionModel Spoilt(string part, string output, string how)
    {
        string file = folder.File($"{part}/model.onnx");
        switch (how)
        {
            case "half": SpoiltGraph.Halve(file, output); break;
            case "one column short": SpoiltGraph.Cut(file, output, axis: 3); break;
            case "two channels": SpoiltGraph.Cut(file, output, axis: 1); break;
            case "three axes": SpoiltGraph.Flatten(file, output); break;
            default: SpoiltGraph.Cut(file, output, axis: 0, end: 1); break;
        }
        return Load();
    }

    private IDiffusionModel Load() => ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1, Quiet = true });

    private static IReadOnlyList<DecodedPicture> Decode(IDiffusionModel model, int rows)
    {
        float[] latents = [.. Enumerable.Range(0, Shape.Length).Select(i => MathF.Sin(i))];
        return model.Decoder.Decode(Shape, [.. Enumerable.Repeat<ReadOnlyMemory<float>>(latents, rows)], RunWidth.Wide);
    }
}
