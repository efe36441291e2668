using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Files;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.UNets;

/// <summary>The graphs of a model's folder and their places in a device's memory.</summary>
internal sealed class UNetParts : IDisposable
{
    private static readonly PixelDecoder Pixels = new();

    private readonly UNetTraits traits;
    private readonly LatentDecoderPart? decoder; // null: its latents are pixels

    /// <summary>What the denoiser and the text encoders were found to be able to do; null until they were opened once.</summary>
    private volatile Known? known;

    public UNetParts(string folder, ModelDescription description, UNetTraits traits, DeviceMemory memory, Func<SessionSettings, EditedGraphs> graphs)
    {
        this.traits = traits;
        string id = description.Id, denoiser = traits.Layout.Denoiser;
        var scale = description.Autoencoder;
        Denoiser = new(memory, id, Size(denoiser), settings => Same(graphs(settings).OpenDenoiser(
            PathOf(denoiser), SmallestOf(description), description.FixedTextTokens ?? description.TokenLength,
            new DenoiserOptions { TimestepScale = traits.TimestepScale, Levels = description.DenoiserLevels })))
        {
            Files = StampsOf(denoiser),
        };
        TextEncoders = [.. description.TextEncoders.Select((text, index) => new TextEncoderPart(memory, id, Size(text.Name), settings => Same(
            index, text.Name, OpenTextEncoder(text, settings))) { Files = StampsOf(text.Name) })];
        if (traits.Layout.HasAutoencoder)
            decoder = new(memory, id, Size(FolderLayout.Decoder), settings => OnnxGraph.Load(PathOf(FolderLayout.Decoder), settings).As(
                graph => new LatentDecoder(graph, scale.ScalingFactor, scale.ShiftFactor, description.LatentFactor)))
            {
                Files = StampsOf(FolderLayout.Decoder),
            };
        if (traits.Layout.HasAutoencoder && File.Exists(PathOf(FolderLayout.Encoder)))
            Encoder = new(memory, id, Size(FolderLayout.Encoder), settings => OnnxGraph.Load(PathOf(FolderLayout.Encoder), settings).As(
                graph => new LatentEncoder(graph, description.LatentChannels, scale.ScalingFactor, scale.ShiftFactor, description.LatentFactor)))
            {
                Files = StampsOf(FolderLayout.Encoder),
            };

        TextEncoder OpenTextEncoder(TextEncoderSize text, SessionSettings settings) => LeavesOutLayersOf(text.Name)
            ? graphs(settings).OpenTextEncoder(PathOf(text.Name), text.Layers, traits.NormalisesText)
            : OnnxGraph.Load(PathOf(text.Name), settings).As(graph => new TextEncoder(graph, pooled: traits.PooledOutput));

        FileStamps StampsOf(string part) => FileStamps.Of(
            (GraphFile.Read(folder, part, new FaultList(), required: false)?.Files ?? [$"{part}/{GraphFile.Name}"]).Select(file => Path.Combine(folder, file)));

        string PathOf(string part) => Path.Combine(folder, part, GraphFile.Name);

        PartSize Size(string part) => description.Parts.FirstOrDefault(one => one.Name == part) ?? new(part, 0);
    }

    public IReadOnlyList<TextEncoderPart> TextEncoders { get; }

    public DenoiserPart Denoiser { get; }

    public ILatentDecoder Decoder => decoder is null ? Pixels : decoder;

    /// <summary>Null for a model without one.</summary>
    public LatentEncoderPart? Encoder { get; }

    /// <summary>Channels of one of the denoiser's further inputs.</summary>
    /// <exception cref="GraphException">The graph does not fix them, or has no such input.</exception>
    public int WidthOf(string input) => known?.Widths.GetValueOrDefault(input) is { } width and > 0
        ? width
        : throw new GraphException($"{Denoiser.Name}/{GraphFile.Name}: its input '{input}' has no fixed width");

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
        string? textReason = null;
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
                    Precision = denoiser.Precision.ToString().ToLowerInvariant(),
                };
            }),
            .. TextEncoders.Select((part, index) => LookAsync(part, encoder =>
            {
                layersLeftOut[index] = encoder.MaxClipSkip;
                if (encoder.ClipSkipReason is { } reason) Interlocked.CompareExchange(ref textReason, reason, null);
            })),
            decoder is null ? Task.CompletedTask : LookAsync(decoder, look => CheckChannels(decoder.Name, look.Channels, description.LatentChannels)),
            Encoder is null ? Task.CompletedTask : LookAsync(Encoder, static _ => { }),
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
        if (skip < 0) throw new GraphException($"{TextEncoders[0].Name}/model.onnx: the hidden states of its last layer but one are needed: {textReason}");
        known = new(capabilities.TimestepPerRow == true, layersLeftOut, widths);
        Denoiser.TimestepPerRow = capabilities.TimestepPerRow == true;
        return description with { Capabilities = capabilities with { MaxClipSkip = skip, ClipSkipReason = textReason } };
    }

    public void Dispose()
    {
        // The denoiser first: it is what still might run.
        Denoiser.Dispose();
        foreach (var text in TextEncoders) text.Dispose();
        decoder?.Dispose();
        Encoder?.Dispose();
    }

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
        if (known is not { } before || encoder.MaxClipSkip == before.LayersLeftOut[index]) return encoder;
        encoder.Dispose();
        throw ChangedSince(name);
    }

    private static GraphException ChangedSince(string part) => new($"{part}/{GraphFile.Name} could not be opened as it was before", GraphFault.OutOfMemory);

    /// <summary>Graph and configuration of different models would only show when the first picture is made.</summary>
    private static void CheckChannels(string part, int channels, int stated)
    {
        if (channels > 0 && channels != stated)
            throw new GraphException($"{part}/model.onnx: its input has {channels} channels where {stated} are expected from the configuration");
    }

    private bool LeavesOutLayersOf(string part) => traits.LeavesOutTextLayers && part != traits.T5;

    /// <summary>A guidance scale that the graph does not take would be left out without a word.</summary>
    private void CheckGuidance(IReadOnlyDictionary<string, int> widths, bool stated)
    {
        var (input, key) = traits.Guidance;
        bool takes = widths.ContainsKey(input);
        if (takes != stated)
            throw new GraphException(
                $"{Denoiser.Name}/{GraphFile.Name}: it has {(takes ? "an" : "no")} input '{input}', where the configuration "
                + $"{(stated ? "says" : "does not say")} {key}");
    }

    private sealed record Known(bool TimestepPerRow, int[] LayersLeftOut, IReadOnlyDictionary<string, int> Widths);
}
