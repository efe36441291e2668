using System.Diagnostics;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Samplers;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Fields;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Quantising;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families.UNets;

/// <summary>
/// Describes the folder of a model with a denoiser, and text encoders and an autoencoder where its family has them, without opening a graph. What is wrong
/// becomes a fault, and reading goes on.
/// </summary>
internal static class UNetFolder
{
    private const int MaxSide = 2048, StandardTokens = 77;

    public static ModelDescription Describe(FolderContents folder, UNetTraits traits)
    {
        var (root, index, card, model, faults, place) = folder;
        var layout = traits.Layout.Of(index);
        index.CheckAgainst(layout, faults);
        var sampler = SamplerOf(place, faults);
        var tokenizers = layout.TextEncoders.Where(part => part != traits.T5)
            .Select(part => TokenizerConfig.Read(root, FolderLayout.TokenizerOf(part), faults)).ToArray();
        var texts = layout.TextEncoders.Select(part => TextEncoderConfig.Read(root, part, faults, part == traits.T5)).ToArray();
        var clips = texts.Where(text => !text.IsT5).ToArray();
        bool hasT5 = clips.Length < texts.Length;
        if (hasT5) TokenizerConfig.CheckT5(place, FolderLayout.TokenizerOf(traits.T5!), faults);
        var denoiser = traits.ReadDenoiser(place, traits, faults);
        var autoencoder = layout.HasAutoencoder ? AutoencoderConfig.Read(root, traits.ScalingFactor, faults) : AutoencoderConfig.Pixels(denoiser.InChannels);
        var graphs = new Dictionary<string, GraphFile>(StringComparer.Ordinal);
        foreach (string part in layout.Graphs)
            if (folder.Find(part, required: part != FolderLayout.Encoder) is { } graph)
                graphs[part] = graph;
        PartSize[] parts = [.. layout.Graphs.Where(graphs.ContainsKey)
            .Select(part => new PartSize(part, graphs[part].Bytes)
            {
                FixedBatch = UNetLimits.BatchOf(graphs[part].Outline),
                StoredAs = graphs[part].StoredAs,
                IsExact = !GraphFile.IsGraph(place, part),
            })];
        TextEncoderSize[] encoders = [.. layout.TextEncoders.Zip(texts, (name, text) => new TextEncoderSize(name, text.Layers, text.Width, text.PooledWidth))];

        string? noLora = encoders.Length == 0 ? "LoRAs are for models that read a text"
            : GraphFile.IsGraph(place, layout.Denoiser) ? LoraReasonOf(layout.Denoiser, graphs.GetValueOrDefault(layout.Denoiser)?.Outline) : null;
        // The vectors of a file are for CLIP's encoders, and T5 reads the same text.
        bool takesEmbeddings = encoders.Length > 0 && traits.T5 is null;
        int channels = autoencoder.Channels ?? denoiser.OutChannels ?? 4;
        denoiser.CheckAgainst(channels, encoders, faults);
        int step = card.SizeStep ?? autoencoder.Factor << (denoiser.Levels - 1);
        int max = card.MaxSize ?? Math.Min(MaxSide, denoiser.MaxCells * autoencoder.Factor ?? MaxSide);
        model = model with
        {
            Defaults = model.Defaults.Or(LowStepDefaults.Of(place, sampler, denoiser.EmbedsGuidance || traits.IgnoresGuidance)).Or(traits.Defaults),
            Strength = traits.Strength,
            LatentsAreInputs = traits.LatentsAreInputs,
            Classes = denoiser.Classes,
            SpreadsLevelsEvenly = traits.SpreadsLevelsEvenly,
            TextTokens = hasT5 ? traits.TextTokens : null,
            Tasks =
            [
                .. traits.Tasks ?? TasksOf(graphs.ContainsKey(FolderLayout.Encoder), denoiser.InChannels ?? channels, channels),
                .. MeasuringTasks.Of(
                    takesPictures: !layout.HasAutoencoder || graphs.ContainsKey(FolderLayout.Encoder), isPlain: (denoiser.InChannels ?? channels) == channels,
                    hasCandidates: encoders.Length > 0 || denoiser.Classes is not null, sampler?.ClassName ?? model.SamplerClass),
            ],
            Prediction = sampler?.Config.PredictionType
                ?? (sampler is not null && SamplerCatalog.IsFlowClass(sampler.ClassName) ? "flow_prediction" : "epsilon"),
            NativeSize = card.NativeSize ?? Round(denoiser.SampleSize * autoencoder.Factor ?? traits.NativeSize, step, max),
            SizeStep = step,
            MaxSize = max,
            LatentFactor = autoencoder.Factor,
            LatentChannels = channels,
            IsPixelSpace = !layout.HasAutoencoder,
            Autoencoder = autoencoder.Scale,
            Denoiser = denoiser.Finest with { ScoresLevel = ScoresLevelOf(place, layout.Denoiser, denoiser, graphs) },
            DenoiserLevels = denoiser.Levels,
            DecoderChannels = autoencoder.FinestChannels,
            DecoderWidest = autoencoder.WidestChannels,
            DecoderHoldsScores = GraphFile.IsGraph(place, FolderLayout.Decoder)
                && graphs.GetValueOrDefault(FolderLayout.Decoder)?.Outline.FusesAttention != true,
            TextWidth = traits.T5 is null && Array.TrueForAll(texts, text => text.Width is not null)
                ? texts.Sum(text => text.Width)
                : denoiser.ContextWidth,
            TextEncoders = encoders,
            ReadsText = encoders.Length > 0,
            TokenLength = tokenizers.Zip(clips, (tokenizer, text) =>
                Math.Min(tokenizer.MaxLength ?? text.Positions ?? StandardTokens, text.Positions ?? int.MaxValue)).DefaultIfEmpty(StandardTokens).Min(),
            SamplerClass = sampler?.ClassName ?? model.SamplerClass,
            SamplerConfig = sampler?.Config ?? new SamplerConfig(),
            AlignYourSteps = traits.AlignYourSteps,
            Capabilities = new()
            {
                DenoiserChannels = denoiser.InChannels ?? channels,
                EmbedsGuidance = denoiser.EmbedsGuidance || traits.IgnoresGuidance,
                IgnoresGuidance = traits.IgnoresGuidance,
                MaxClipSkip = MaxClipSkip(clips, traits),
                Lora = noLora is null,
                LoraReason = noLora,
                Embeddings = !takesEmbeddings ? false : Array.Exists(encoders, text => GraphFile.IsGraph(place, text.Name)) ? null : true,
                EmbeddingsReason = takesEmbeddings ? null : encoders.Length == 0 ? "textual inversions are for models that read a text"
                    : "T5 reads its texts too, and no file has vectors for it",
                ExtraFields =
                [
                    .. FieldsOf(traits, hasT5),
                    .. TakesControls(place, traits, graphs.GetValueOrDefault(layout.Denoiser)) ? (string[])[FieldTable.Controls.Name] : [],
                    .. noLora is null ? (string[])[FieldTable.Loras.Name] : [],
                    .. takesEmbeddings ? (string[])[FieldTable.Embeddings.Name] : [],
                    .. layout.HasAutoencoder ? (string[])[FieldTable.Vae.Name, FieldTable.VaeHash.Name] : [],
                ],
            },
            MemoryBytes = parts.Sum(part => part.Bytes),
            Parts = parts,
        };
        model = InMemory(model, place, traits);
        model = UNetLimits.Apply(
            model, traits, layout, graphs, card, faults, GraphFile.IsGraph(place, layout.Denoiser) ? null : denoiser.WrittenSize);
        model = model with
        {
            Capabilities = model.Capabilities.With(FieldTable.Hires.Name, HiresReasonOf(model))
                .With(FieldTable.Tiling.Name, TilingReasonOf(model, layout, graphs)).With(FieldTable.Cache.Name, reason: null)
                .With(FieldTable.Explain.Name, ExplainReasonOf(model, layout)),
        };
        card.CheckAgainst(model, faults);
        return model;
    }

    /// <summary>A model with parts as they are in memory where its card has them quantised, as if the device's settings did.</summary>
    private static ModelDescription InMemory(ModelDescription model, ModelPlace place, UNetTraits traits)
    {
        if (model.Precision is not (WeightPrecision.Int8 or WeightPrecision.Int4)) return model;
        var graphs = new UNetGraphs(
            place, model with { Precision = WeightPrecision.Auto }, traits, static _ => throw new UnreachableException("Sizes need no session."));
        var settings = new SessionSettings { Precision = model.Precision, Budget = 0 }; // as where there is least room
        return PartPrecision.Sized(model, part => graphs.SizeOf(part, settings));
    }

    /// <summary>
    /// The finest level whose attention holds all products: of an exported graph the first with attention, of a written one as it is written.
    /// </summary>
    private static int? ScoresLevelOf(ModelPlace place, string part, DenoiserConfig denoiser, IReadOnlyDictionary<string, GraphFile> graphs) =>
        GraphFile.IsGraph(place, part) ? graphs.GetValueOrDefault(part)?.Outline.FusesAttention == true ? DenoiserSize.NoLevel : null
        : denoiser.WrittenScoresLevel;

    /// <summary>Why pictures cannot wrap round; null where they can. Of an exported graph the rest is known when it is opened so.</summary>
    private static string? TilingReasonOf(ModelDescription model, FolderLayout layout, IReadOnlyDictionary<string, GraphFile> graphs) =>
        layout.Denoiser != "unet" ? "its denoiser is a transformer, which is told where in the picture each patch lies"
        : !model.ReadsText ? "models that read no text are run in one form alone"
        : layout.Graphs.FirstOrDefault(part => !layout.TextEncoders.Contains(part) && graphs.GetValueOrDefault(part)?.Outline.Quantised is not null) is { } part
            ? $"its {part} is a quantised graph ({graphs[part].Outline.Quantised}), whose convolutions pad by themselves"
        : null;

    /// <summary>Why no word can be found in a picture; null where it can. Of an exported graph the rest is known when it is opened.</summary>
    private static string? ExplainReasonOf(ModelDescription model, FolderLayout layout) =>
        !model.ReadsText ? "it reads no text"
        : layout.Denoiser != "unet" ? "its denoiser is a transformer, in which picture and text attend to each other in one attention"
        : null;

    /// <summary>Why no second pass can be run at a larger size; null where one can.</summary>
    private static string? HiresReasonOf(ModelDescription model) =>
        !model.Tasks.Contains("txt2img") ? "it does no txt2img"
        : model.LatentFactor <= 1 ? "it works on pixels, and a second pass enlarges latents"
        : model.FixedSize is { } only ? $"its graphs take {only.Width} x {only.Height} pixels alone"
        : model.LatentsAreInputs ? "it begins from pure noise alone"
        : null;

    /// <summary>Why no LoRA can be merged into an exported graph; null where one can.</summary>
    private static string? LoraReasonOf(string denoiser, GraphOutline? graph) =>
        graph?.Quantised is { } by ? $"its {denoiser} is a quantised graph ({by}), and LoRAs are merged into weights as they were before that"
        : graph?.NamesLayers == true ? null
        : $"its {denoiser} is an exported graph in which neither nodes nor weights have the names of their layers";

    /// <summary>Those of the family, as far as the folder has what they are for.</summary>
    private static IEnumerable<string> FieldsOf(UNetTraits traits, bool hasT5) =>
        traits.ExtraFields.Where(field => hasT5 || field != FieldTable.MaxTextTokens.Name);

    /// <summary>A U-Net that is written for weights can always be added to, an exported one where it has inputs for that.</summary>
    private static bool TakesControls(ModelPlace place, UNetTraits traits, GraphFile? denoiser) => traits.TakesControls && denoiser is not null
        && (!GraphFile.IsGraph(place, traits.Layout.Denoiser) || denoiser.Outline.AxesOf(ResidualPorts.MiddleNames) is not null);

    /// <summary>Adds a fault where a picture cannot be put into the latents.</summary>
    public static void NeedsEncoder(FolderContents folder)
    {
        if (GraphFile.IsGraph(folder.Place, FolderLayout.Encoder)
            && FileFault.Of(Path.Combine(folder.Root, FolderLayout.Encoder, GraphFile.Name)) is { } fault)
            folder.Faults.Add($"{FolderLayout.Encoder}/{GraphFile.Name}", fault);
    }

    /// <summary>One layer is always run; null where a folder does not say how many there are.</summary>
    private static int? MaxClipSkip(TextEncoderConfig[] texts, UNetTraits traits) =>
        !traits.LeavesOutTextLayers ? 0
        : Array.TrueForAll(texts, text => text.Layers is not null) ? Math.Max(0, texts.Min(text => text.Layers!.Value) - 1 - traits.UnusedTextLayers) : null;

    /// <summary>Without an encoder no picture can be worked on; a network for inpainting does that alone.</summary>
    private static string[] TasksOf(bool hasEncoder, int given, int latents) =>
        given == 2 * latents + 1 ? ["inpaint", "outpaint"]
        : hasEncoder ? ["txt2img", "img2img", "inpaint", "outpaint"] : ["txt2img"];

    /// <summary>The configuration, with what the tensors of a checkpoint say.</summary>
    private static SamplerFile? SamplerOf(ModelPlace place, FaultList faults)
    {
        var sampler = SamplerFile.Read(place.Root, faults);
        if (sampler is null || place.Kind is not { } kind) return sampler;
        var config = sampler.Config with { PredictionType = kind.Prediction ?? sampler.Config.PredictionType };
        return sampler with { Config = kind.ZeroTerminalSnr ? config with { RescaleBetasZeroSnr = true, TimestepSpacing = "trailing" } : config };
    }

    /// <summary>A size from the configurations, at most the largest, down to a multiple of the step.</summary>
    private static int Round(int size, int step, int max) => Math.Max(step, Math.Min(size, max) / step * step);
}
