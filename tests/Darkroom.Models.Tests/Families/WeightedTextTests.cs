using System.Numerics.Tensors;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Families;

/// <summary>Weighted and long texts through the starter model's own text encoder.</summary>
public sealed class WeightedTextTests : IDisposable
{
    private static readonly string Folder = Path.Combine(Repository.Root, "models", "starter");

    private readonly IDiffusionModel model = ModelFolder.Load(Folder, new SessionSettings());

    public void Dispose() => model.Dispose();

    [Fact]
    public void A_short_text_without_weights_is_encoded_once_for_both_readings()
    {
        var encoded = model.Encode([model.Tokenize("a red apple")])[0];
        Assert.Same(encoded, model.FindConditioning(model.Tokenize("a red apple", TextReading.Weighted)));
        Assert.Null(model.FindConditioning(model.Tokenize("a (red:1.3) apple", TextReading.Weighted)));
    }

    [Fact]
    public void Each_chunk_of_a_long_text_is_what_it_would_be_alone()
    {
        var texts = new[] { "a red apple BREAK (3d render:1.4)", "a red apple", "(3d render:1.4)" }.Select(text => model.Tokenize(text, TextReading.Weighted))
            .ToArray();
        float[][] encoded = [.. texts.Select(text => model.Encode([text])[0].Tensors[0].Values)];
        Assert.Equal([.. encoded[1], .. encoded[2]], encoded[0]);
        Assert.Equal(2 * model.Description.TokenLength, model.FindConditioning(texts[0])!.Tensors[0].Shape[0]);
    }

    [Fact]
    public void A_weight_moves_its_tokens_and_keeps_the_mean()
    {
        var texts = new[] { "a red apple", "a (red:1.5) apple" }.Select(text => model.Tokenize(text, TextReading.Weighted))
            .ToArray();
        float[][] encoded = [.. model.Encode(texts).Select(conditioning => conditioning.Tensors[0].Values)];
        Assert.NotEqual(encoded[0], encoded[1]);
        Assert.Equal(Mean(encoded[0]), Mean(encoded[1]), 1e-6 * TensorPrimitives.Norm<float>(encoded[0]));
    }

    [Fact]
    public void Padded_texts_end_with_the_empty_text()
    {
        var empty = model.Tokenize("");
        var padded = model.Tokenize([new PromptText("a BREAK b"), new PromptText("c")], TextReading.Weighted);
        var encoded = model.Encode([.. padded, empty]);
        Assert.Equal(encoded[0].Signature, encoded[1].Signature);
        Assert.Equal(encoded[2].Tensors[0].Values, encoded[1].Tensors[0].Values[encoded[2].Tensors[0].Values.Length..]);
    }

    private static double Mean(float[] values) => values.Average(value => (double)value);
}
