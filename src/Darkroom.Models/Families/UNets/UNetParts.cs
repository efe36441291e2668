using System.Collections.Concurrent;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Fields;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.UNets;

/// <summary>The graphs of a model's folder and their places in a device's memory.</summary>
internal sealed class UNetParts : IDisposable
{
    private static readonly PixelDecoder Pixels = new();
    private static readonly PixelEncoder PixelInputs = new();

    private readonly ModelDescription description;
    private readonly UNetTraits traits;
    private readonly DeviceMemory memory;
    private readonly UNetGraphs graphs;
    private readonly LatentDecoderPart? decoder; // null: its latents are pixels
    private readonly UNetVariants? variants; // null: these are a variant's
    private readonly IDisposable[] owned;

    /// <summary>Parts as they are in memory, by name: to know that of a quantised one its graph is written.</summary>
    private readonly ConcurrentDictionary<string, PartSize> sizes = new(StringComparer.Ordinal);

    /// <summary>What the denoiser and the text encoders were found to be able to do; null until they were opened once.</summary>
    private volatile Known? known;

    public UNetParts(ModelPlace place, ModelDescription description, UNetTraits traits, DeviceMemory memory, Func<SessionSettings, EditedGraphs> edited)
    {
        (this.description, this.traits, this.memory, graphs) = (description, traits, memory, new UNetGraphs(place, description, traits, edited));
        Denoiser = NewDenoiser();
        TextEncoders = [.. description.TextEncoders.Select((_, index) => NewTextEncoder(index))];
        if (traits.Layout.HasAutoencoder)
        {
            decoder = NewDecoder();
            if (graphs.Has(FolderLayout.Encoder)) Encoder = NewEncoder();
        }
        variants = new UNetVariants(graphs, [(traits.Layout.Denoiser, ["lora_unet_", "lora_transformer_", "lycoris_"]), .. TextEncoders.Select(PrefixesOf)]);
        owned = [Denoiser, .. TextEncoders, .. ((IDisposable?[])[decoder, Encoder]).OfType<IDisposable>()]; // the denoiser first: it is what still might run
    }

    /// <summary>Parts of a variant: those that LoRAs or the choice change, and the model's others.</summary>
    private UNetParts(UNetParts whole, string variant, LoraMerge? merge, VariantChoice choice)
    {
        var axes = choice.Axes;
        (description, traits, memory, graphs) = (whole.description, whole.traits, whole.memory, whole.graphs.With(merge, choice));
        if (choice.Observed is { } observed && graphs.Observable().FaultOf(observed) is { } fault)
            throw new GraphException($"model '{description.Id}' cannot be observed so: {fault}", GraphFault.Misfit);
        (decoder, Encoder, known, Warnings) = (whole.decoder, whole.Encoder, whole.known, merge?.Warnings ?? []);
        bool wraps = axes != WrapAxes.None;
        Denoiser = wraps || choice.Observed is not null || merge?.Changes(whole.Denoiser.Name) == true ? NewDenoiser(variant, whole.Denoiser, merge)
            : whole.Denoiser;
        Denoiser.TimestepPerRow = whole.Denoiser.TimestepPerRow;
        TextEncoders = [.. whole.TextEncoders.Select((part, index) => merge?.Changes(part.Name) == true ? NewTextEncoder(index, variant, part, merge) : part)];
        TextVariant = TextEncoders.Select(part => part.Variant).FirstOrDefault(name => name.Length > 0) ?? "";
        // Graphs that are written share the weights; of exported ones each variant has its own.
        if (wraps && decoder is not null) decoder = NewDecoder(axes.Variant(), decoder);
        if (wraps && Encoder is not null) Encoder = NewEncoder(axes.Variant(), Encoder);
        owned = [.. ((IDisposable?[])[Denoiser, .. TextEncoders, decoder, Encoder]).OfType<IDisposable>()
            .Except(((IDisposable?[])[whole.Denoiser, .. whole.TextEncoders, whole.decoder, whole.Encoder]).OfType<IDisposable>())];
    }

    /// <summary>What tells its texts from the model's: LoRAs that change a text encoder; empty for the model itself.</summary>
    public string TextVariant { get; } = "";

    /// <summary>What of a variant's LoRAs was left out.</summary>
    public IReadOnlyList<string> Warnings { get; } = [];

    /// <summary>The model with LoRAs merged in, wrapping round, or observed.</summary>
    /// <param name="choice">Which of them.</param>
    /// <param name="model">Makes the model of its parts.</param>
    /// <exception cref="GraphException">A LoRA cannot be merged into this model; the message names it.</exception>
    public ModelVariant Vary(VariantChoice choice, Func<UNetParts, IDiffusionModel> model)
    {
        if (choice.Axes != WrapAxes.None && description.Capabilities.FieldReasons.TryGetValue(FieldTable.Tiling.Name, out string? reason))
            throw new GraphException($"its pictures cannot wrap round: {reason}", GraphFault.Misfit);
        return (variants ?? throw new InvalidOperationException("a variant has none"))
            .Use(choice, (key, merge) => new UNetParts(this, key, merge, choice), model);
    }

    public IReadOnlyList<TextEncoderPart> TextEncoders { get; }

    public DenoiserPart Denoiser { get; }

    public ILatentDecoder Decoder => decoder is null ? Pixels : decoder;

    /// <summary>Null for a model without one.</summary>
    public LatentEncoderPart? Encoder { get; }

    /// <summary>What pictures that are sent go through; null for a model that cannot take any.</summary>
    public ILatentEncoder? PictureEncoder => decoder is null ? PixelInputs : Encoder;

    /// <summary>Channels of one of the denoiser's further inputs.</summary>
    /// <exception cref="GraphException">The graph does not fix them, or has no such input.</exception>
    public int WidthOf(string input) => known?.Widths.GetValueOrDefault(input) is { } width and > 0
        ? width
        : throw new GraphException($"{graphs.Name(Denoiser.Name)}: its input '{input}' has no fixed width");

    /// <summary>The guidance scale as the denoiser takes it; empty where it takes none.</summary>
    public IReadOnlyList<NamedTensor> GuidanceFor(RowConditions row) => known?.Widths.ContainsKey(GuidanceEmbedding.Input) == true
        ? [GuidanceEmbedding.Of(row.GuidanceScale, WidthOf(GuidanceEmbedding.Input))]
        : [];

    public IEnumerable<IModelPart> All => [.. TextEncoders, Denoiser, .. ((IModelPart?[])[decoder, Encoder]).OfType<IModelPart>()];

    /// <summary>Opens every part once and completes the description.</summary>
    public async Task<ModelDescription> DescribeAsync(ModelDescription description)
    {
        var capabilities = description.Capabilities;
        IReadOnlyDictionary<string, int> widths = new Dictionary<string, int>();
        var layersLeftOut = new int[TextEncoders.Count];
        var takesVectors = new bool[TextEncoders.Count];
        string? textReason = null, vectorsReason = null;
        ObservedGraph? observable = null;
        // The graphs are opened side by side: on a small model the sum of the session start-ups is what a fresh server waits for.
        Task[] looks =
        [
            LookAsync(Denoiser, denoiser =>
            {
                CheckChannels(Denoiser.Name, denoiser.Channels, capabilities.DenoiserChannels);
                widths = denoiser.Widths;
                CheckGuidance(widths, capabilities is { EmbedsGuidance: true, IgnoresGuidance: false });
                capabilities = capabilities with
                {
                    TimestepPerRow = denoiser.TimestepPerRow,
                    TimestepReason = denoiser.TimestepReason,
                    TimestepType = denoiser.TimestepType.ToString().ToLowerInvariant(),
                    Precision = graphs.PrecisionOf(memory.Sessions) ?? denoiser.Precision.ToString().ToLowerInvariant(),
                };
            }),
            .. TextEncoders.Select((part, index) => LookAsync(part, encoder =>
            {
                layersLeftOut[index] = encoder.MaxClipSkip;
                takesVectors[index] = encoder.TakesVectors;
                if (encoder.ClipSkipReason is { } reason) Interlocked.CompareExchange(ref textReason, reason, null);
                if (encoder.VectorsReason is { } other) Interlocked.CompareExchange(ref vectorsReason, other, null);
            })),
            decoder is null ? Task.CompletedTask : LookAsync(decoder, look => CheckChannels(decoder.Name, look.Channels, description.LatentChannels)),
            Encoder is null ? Task.CompletedTask : LookAsync(Encoder, static _ => { }),
            Task.Run(() => observable = graphs.Observable()),
        ];
        try
        {
            await Task.WhenAll(looks);
        }
        catch when (looks.Select(look => look.Exception?.InnerException).OfType<GraphException>().FirstOrDefault() is { } first)
        {
            throw new GraphException(first.Message, first.Fault, first);
        }
        int[] clips = [.. layersLeftOut.Where((_, index) => LeavesOutLayersOf(TextEncoders[index].Name))];
        int skip = clips.DefaultIfEmpty(traits.UnusedTextLayers).Min() - traits.UnusedTextLayers;
        if (skip < 0) throw new GraphException($"{graphs.Name(TextEncoders[0].Name)}: the hidden states of its last layer but one are needed: {textReason}");
        if (capabilities.Embeddings is null) capabilities = WithEmbeddings(capabilities, Array.TrueForAll(takesVectors, static takes => takes), vectorsReason);
        capabilities = WithLayers(capabilities, observable!);
        known = new(capabilities.TimestepPerRow == true, layersLeftOut, takesVectors, widths);
        Denoiser.TimestepPerRow = capabilities.TimestepPerRow == true;
        return PartPrecision.Sized(description, part => Size(part.Name)) with
        {
            Capabilities = capabilities with { MaxClipSkip = skip, ClipSkipReason = textReason },
        };
    }

    public void Dispose()
    {
        variants?.Dispose();
        foreach (var part in owned) part.Dispose();
    }

    private DenoiserPart NewDenoiser(string variant = "", DenoiserPart? whole = null, LoraMerge? merge = null) => new(
        memory, description.Id, Size(traits.Layout.Denoiser),
        settings => Same(graphs.OpenDenoiser(settings, SmallestOf(description), description.FixedTextTokens ?? description.TokenLength)))
    {
        Files = graphs.StampsOf(traits.Layout.Denoiser),
        Variant = variant,
        SharesWeights = Shares(traits.Layout.Denoiser),
        IsInPlace = IsInPlace(traits.Layout.Denoiser),
        Base = Shares(traits.Layout.Denoiser) ? whole : null,
        OwnBytes = merge?.BytesOf(traits.Layout.Denoiser) ?? 0,
    };

    private LatentDecoderPart NewDecoder(string variant = "", LatentDecoderPart? whole = null) =>
        new(memory, description.Id, Size(FolderLayout.Decoder), graphs.OpenDecoder)
        {
            Files = graphs.StampsOf(FolderLayout.Decoder),
            Variant = variant,
            SharesWeights = Shares(FolderLayout.Decoder),
            IsInPlace = IsInPlace(FolderLayout.Decoder),
            Base = Shares(FolderLayout.Decoder) ? whole : null,
            OwnBytes = 0,
        };

    private LatentEncoderPart NewEncoder(string variant = "", LatentEncoderPart? whole = null) =>
        new(memory, description.Id, Size(FolderLayout.Encoder), graphs.OpenEncoder)
        {
            Files = graphs.StampsOf(FolderLayout.Encoder),
            Variant = variant,
            SharesWeights = Shares(FolderLayout.Encoder),
            IsInPlace = IsInPlace(FolderLayout.Encoder),
            Base = Shares(FolderLayout.Encoder) ? whole : null,
            OwnBytes = 0,
        };

    private bool Shares(string part) => graphs.SharesWeights(part, memory.Sessions);

    private TextEncoderPart NewTextEncoder(int index, string variant = "", TextEncoderPart? whole = null, LoraMerge? merge = null)
    {
        var text = description.TextEncoders[index];
        return new(memory, description.Id, Size(text.Name), settings => Same(index, text.Name, graphs.OpenTextEncoder(settings, text)))
        {
            Files = graphs.StampsOf(text.Name),
            Variant = variant,
            SharesWeights = Shares(text.Name),
            IsInPlace = IsInPlace(text.Name),
            Base = Shares(text.Name) ? whole : null,
            OwnBytes = merge?.BytesOf(text.Name) ?? 0,
        };
    }

    private bool IsInPlace(string part) => memory.Spec.Kind == DeviceSpec.Cpu && Size(part).IsExact;

    private PartSize Size(string part)
    {
        if (!sizes.TryGetValue(part, out var size))
            sizes[part] = size = graphs.SizeOf(description.Parts.FirstOrDefault(one => one.Name == part) ?? new(part, 0), memory.Sessions);
        return size;
    }

    /// <summary>What kohya's scripts put before the layers of a text encoder: numbers where there are several, 3 for T5 wherever it stands.</summary>
    private (string, string[]) PrefixesOf(TextEncoderPart part, int index) =>
        (part.Name, part.Name == traits.T5 ? ["lora_te3_"] : index == 0 ? ["lora_te_", "lora_te1_"] : [$"lora_te{index + 1}_"]);

    private static LatentShape SmallestOf(ModelDescription description) =>
        description.FixedSize is { } only ? description.LatentsOf(only.Width, only.Height) : description.LatentsOf(description.SizeStep, description.SizeStep);

    private static async Task LookAsync<T>(GraphSlot<T> slot, Action<T> look) where T : class, IGraphPart
    {
        using var lease = await slot.HoldAsync(CancellationToken.None);
        slot.Call(RunWidth.Wide, look, static (part, look) => look(part));
    }

    /// <summary>
    /// Requests were accepted for what the model could do when it was first opened: a denoiser that cannot be opened edited another time is not that model.
    /// </summary>
    private Denoiser Same(Denoiser denoiser)
    {
        if (known is not { } before || denoiser.TimestepPerRow == before.TimestepPerRow) return denoiser;
        denoiser.Dispose();
        throw ChangedSince(Denoiser.Name);
    }

    private TextEncoder Same(int index, string name, TextEncoder encoder)
    {
        if (known is not { } before || (encoder.MaxClipSkip == before.LayersLeftOut[index] && encoder.TakesVectors == before.TakesVectors[index]))
            return encoder;
        encoder.Dispose();
        throw ChangedSince(name);
    }

    private GraphException ChangedSince(string part) => new($"{graphs.Name(part)} could not be opened as it was before", GraphFault.OutOfMemory);

    /// <summary>Graph and configuration of different models would only show when the first picture is made.</summary>
    private void CheckChannels(string part, int channels, int stated)
    {
        if (channels > 0 && channels != stated)
            throw new GraphException($"{graphs.Name(part)}: its input has {channels} channels where {stated} are expected from the configuration");
    }

    private bool LeavesOutLayersOf(string part) => traits.LeavesOutTextLayers && part != traits.T5;

    /// <summary>A guidance scale that the graph does not take would be left out without a word.</summary>
    private void CheckGuidance(IReadOnlyDictionary<string, int> widths, bool stated)
    {
        var (input, key) = traits.Guidance;
        bool takes = widths.ContainsKey(input);
        if (takes != stated)
            throw new GraphException(
                $"{graphs.Name(Denoiser.Name)}: it has {(takes ? "an" : "no")} input '{input}', where the configuration "
                + $"{(stated ? "says" : "does not say")} {key}");
    }

    /// <summary>What the denoiser's graph says of what can be observed in it.</summary>
    private static ModelCapabilities WithLayers(ModelCapabilities capabilities, ObservedGraph graph)
    {
        capabilities = capabilities with { Layers = [.. graph.Layers] };
        return graph.AttentionReason is not { } reason || !capabilities.ExtraFields.Contains(FieldTable.Explain.Name) ? capabilities
            : (capabilities with { ExtraFields = [.. capabilities.ExtraFields.Where(field => field != FieldTable.Explain.Name)] })
                .With(FieldTable.Explain.Name, reason);
    }

    /// <summary>What the opened graphs of text encoders say of textual inversions.</summary>
    private static ModelCapabilities WithEmbeddings(ModelCapabilities capabilities, bool takes, string? reason) => capabilities with
    {
        Embeddings = takes,
        EmbeddingsReason = takes ? null : reason,
        ExtraFields = takes ? capabilities.ExtraFields : [.. capabilities.ExtraFields.Where(field => field != FieldTable.Embeddings.Name)],
    };

    private sealed record Known(bool TimestepPerRow, int[] LayersLeftOut, bool[] TakesVectors, IReadOnlyDictionary<string, int> Widths);
}
