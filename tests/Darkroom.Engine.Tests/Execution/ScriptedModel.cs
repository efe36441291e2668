using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Families.StableDiffusion;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>
/// A model of pure arithmetic: each row's answer depends on that row alone, so a picture made in company must equal the picture made alone.
/// Tests script what it answers, and read how calls were batched.
/// </summary>
internal sealed class ScriptedModel : IDiffusionModel
{
    public ScriptedModel() =>
        (TextEncoders, Denoiser, Encoder, Decoder) = ([new TextPart(this)], new DenoiserPart(this), new EncoderPart(this), new DecoderPart(this));

    public ModelDescription Description { get; init; } = new()
    {
        Id = "scripted",
        Title = "Scripted",
        NativeSize = 32,
        MaxSize = 40,
        LatentFactor = 8,
        LatentChannels = 4,
        SamplerClass = "EulerDiscreteScheduler",
        SamplerConfig = new() { BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012 },
    };

    public string ContentHash { get; init; } = "0123456789abcdef";

    public bool TimestepPerRow { get; init; } = true;

    /// <summary>Rows of every denoiser call so far.</summary>
    public List<int> Calls { get; } = [];

    public List<double[]> Timesteps { get; } = [];

    /// <summary>Denoiser calls on one thread so far.</summary>
    public int NarrowCalls { get; private set; }

    /// <summary>Whether its networks can be called on one thread.</summary>
    public bool IsSmall { get; init; }

    /// <summary>Whether texts are read to their end, in chunks of eight tokens; else their first seven signs are.</summary>
    public bool ReadsChunks { get; init; }

    /// <summary>Whether calls take what the engine's clock is moved by in them; else what they really take.</summary>
    public bool IsTimedByHand { get; init; }

    /// <summary>Texts of every call of the text encoder so far.</summary>
    public List<int> TextCalls { get; } = [];

    /// <summary>Called before each call of the text encoder with the number of its texts; may throw as a graph would.</summary>
    public Action<int> BeforeText { get; set; } = _ => { };

    /// <summary>Parts whose session was replaced so far.</summary>
    public List<string> Rebuilt { get; } = [];

    public int Shrunk { get; private set; }

    public IReadOnlyList<ITextEncoder> TextEncoders { get; }

    public IDenoiser Denoiser { get; }

    public ILatentEncoder? Encoder { get; }

    public ILatentDecoder Decoder { get; }

    public IEnumerable<IModelPart> Parts => [.. TextEncoders, Denoiser, Encoder!, Decoder];

    /// <summary>Called before each denoiser call; may throw as a graph would.</summary>
    public Action<ReadOnlyMemory<DenoiserRow>> Before { get; set; } = _ => { };

    /// <summary>Called after each row's answer; may spoil it.</summary>
    public Action<DenoiserRow> After { get; set; } = _ => { };

    /// <summary>What a part beside the denoiser makes of its answer for a row: part and values, which may be spoilt.</summary>
    public Action<string, float[]> Answered { get; set; } = (_, _) => { };

    /// <summary>Called before a session is replaced; may throw as opening a graph would.</summary>
    public Action BeforeRebuild { get; set; } = () => { };

    public IReadOnlyList<TokenizedText> Tokenize(IReadOnlyList<PromptText> texts, TextReading reading)
    {
        int chunks = ReadsChunks ? texts.Max(text => text.Text?.Length ?? 0) / 8 + 1 : 0;
        return
        [
            .. texts.Select(text => new TokenizedText([(chunks == 0 ? TokensOf(text.Text ?? "") : TokensOf(text.Text ?? "", chunks)) with
            {
                ClipSkip = text.ClipSkip,
            }])),
        ];
    }

    public Conditioning? FindConditioning(TokenizedText text) => null;

    public Conditioning Condition(TokenizedText text, IReadOnlyList<EncodedText> encoded) =>
        new([new NamedTensor("text", encoded[0].Shape, encoded[0].Values)]);

    /// <summary>Texts encoded so far.</summary>
    public int Encoded { get; private set; }

    private static TextTokens TokensOf(string text) =>
        new([text.Length, .. text.Take(7).Select(sign => (int)sign), .. Enumerable.Repeat(0, Math.Max(0, 7 - text.Length))]);

    private static TextTokens TokensOf(string text, int chunks) =>
        new([.. text.Select(sign => (int)sign), .. Enumerable.Repeat(0, 8 * chunks - text.Length)])
        {
            Chunks = chunks,
            Weights = text.StartsWith('(') ? [.. Enumerable.Range(0, 8 * chunks).Select(i => 1 + i % 5 / 8f)] : null,
        };

    private void Denoise(ReadOnlyMemory<DenoiserRow> rows, RunWidth width)
    {
        Before(rows);
        lock (Calls)
        {
            Calls.Add(rows.Length);
            Timesteps.Add([.. rows.ToArray().Select(row => row.Timestep)]);
            if (width == RunWidth.Narrow) NarrowCalls++;
        }
        foreach (var row in rows.Span)
        {
            float text = row.Conditioning.Tensors[0].Values.Sum();
            for (int i = 0; i < row.Output.Length; i++)
                row.Output.Span[i] = MathF.Tanh(row.Latents.Span[i] * (float)row.InputScale + text) * MathF.Cos((float)row.Timestep / 300 + i);
            After(row);
        }
    }

    /// <summary>The first three channels, each cell eight pixels wide and high. // [3, 8h, 8w]</summary>
    private static float[] Enlarged(LatentShape shape, ReadOnlyMemory<float> latents)
    {
        int width = 8 * shape.Width, height = 8 * shape.Height;
        return
        [
            .. Enumerable.Range(0, 3 * width * height).Select(i =>
                MathF.Tanh(latents.Span[i / (width * height) * shape.Width * shape.Height + i / width % height / 8 * shape.Width + i % width / 8])),
        ];
    }

    public ILatentPreview? Preview { get; init; } = StableDiffusionLatents.Known.Preview;

    public void Dispose() { }

    /// <summary>What a graph throws.</summary>
    public static GraphException Refusal(GraphFault fault = GraphFault.Refused) => new("scripted refusal", fault);

    private abstract class Part(ScriptedModel model, string name) : IModelPart
    {
        public string Name => name;

        protected ScriptedModel Model => model;

        public bool NarrowIsReady => Model.IsSmall;

        protected float[] Answer(float[] values)
        {
            Model.Answered(Name, values);
            return values;
        }

        public void ShrinkMemory() => Model.Shrunk++;

        public Task RebuildAsync()
        {
            Model.BeforeRebuild();
            lock (Model.Calls) Model.Rebuilt.Add(Name);
            return Task.CompletedTask;
        }
    }

    private sealed class TextPart(ScriptedModel model) : Part(model, "text_encoder"), ITextEncoder
    {
        public IReadOnlyList<EncodedText> Encode(IReadOnlyList<TextTokens> texts, RunWidth width)
        {
            Model.BeforeText(texts.Count);
            lock (Model.Calls)
            {
                Model.Encoded += texts.Count;
                Model.TextCalls.Add(texts.Count);
            }
            return [.. texts.Select(text => new EncodedText([text.Ids.Length], Answer([.. text.Ids.Select(id => id / 100f)])))];
        }
    }

    private sealed class DenoiserPart(ScriptedModel model) : Part(model, "denoiser"), IDenoiser
    {
        public bool TimestepPerRow => Model.TimestepPerRow;

        public void Run(LatentShape shape, ReadOnlyMemory<DenoiserRow> rows, RunWidth width) => Model.Denoise(rows, width);
    }

    private sealed class EncoderPart(ScriptedModel model) : Part(model, "encoder"), ILatentEncoder
    {
        public IReadOnlyList<EncodedPicture> Encode(int width, int height, IReadOnlyList<ReadOnlyMemory<float>> pictures, RunWidth run)
        {
            int length = 4 * (width / 8) * (height / 8);
            return
            [
                .. pictures.Select(picture =>
                    new EncodedPicture(Answer([.. Enumerable.Range(0, 2 * length).Select(i => i < length ? picture.Span[i] : -4)]), true, 0.5, 0)),
            ];
        }
    }

    private sealed class DecoderPart(ScriptedModel model) : Part(model, "decoder"), ILatentDecoder
    {
        public IReadOnlyList<DecodedPicture> Decode(LatentShape shape, IReadOnlyList<ReadOnlyMemory<float>> latents, RunWidth width) =>
            [.. latents.Select(one => new DecodedPicture(8 * shape.Width, 8 * shape.Height, Answer(Enlarged(shape, one))))];
    }
}
