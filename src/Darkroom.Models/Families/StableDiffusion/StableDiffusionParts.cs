using Darkroom.Models.Catalog;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families.StableDiffusion;

/// <summary>The graphs of a Stable Diffusion folder and their places in a device's memory.</summary>
internal sealed class StableDiffusionParts : IDisposable
{
    /// <summary>What the denoiser and the text encoder were found to be able to do; null until they were opened once.</summary>
    private volatile ModelCapabilities? found;

    public StableDiffusionParts(string folder, ModelDescription description, DeviceMemory memory, Func<SessionSettings, EditedGraphs> graphs)
    {
        var sizes = description.PartBytes;
        Denoiser = Slot("unet", sizes.Denoiser, (path, settings) => Same(graphs(settings).OpenDenoiser(
            path, description.LatentsOf(description.SizeStep, description.SizeStep), description.TokenLength)));
        TextEncoder = Slot("text_encoder", sizes.TextEncoder, (path, settings) => Same(graphs(settings).OpenTextEncoder(path, description.TextLayers, normalise: true)));
        Decoder = Slot("vae_decoder", sizes.Decoder, (path, settings) => OnnxGraph.Load(path, settings).As(
            graph => new LatentDecoder(graph, description.Autoencoder.ScalingFactor, description.Autoencoder.ShiftFactor)));
        if (File.Exists(PathOf("vae_encoder")))
            Encoder = Slot("vae_encoder", sizes.Encoder, (path, settings) => OnnxGraph.Load(path, settings).As(graph => new LatentEncoder(
                graph, description.LatentChannels, description.Autoencoder.ScalingFactor, description.Autoencoder.ShiftFactor)));

        string PathOf(string part) => Path.Combine(folder, part, "model.onnx");

        GraphSlot<T> Slot<T>(string part, long bytes, Func<string, SessionSettings, T> open) where T : class, IGraphPart =>
            new(memory, $"{description.Id}/{part}", bytes, settings => open(PathOf(part), settings));
    }

    public GraphSlot<TextEncoder> TextEncoder { get; }

    public GraphSlot<Denoiser> Denoiser { get; }

    public GraphSlot<LatentDecoder> Decoder { get; }

    /// <summary>Null for a model without one.</summary>
    public GraphSlot<LatentEncoder>? Encoder { get; }

    /// <summary>Opens every part once and completes the description.</summary>
    public async Task<ModelDescription> DescribeAsync(ModelDescription description)
    {
        var capabilities = description.Capabilities;
        var gate = new Lock();
        // The graphs are opened side by side: on a small model the sum of the session start-ups is what a fresh server waits for.
        Task[] looks =
        [
            LookAsync(Denoiser, denoiser =>
            {
                CheckChannels("unet", denoiser.Channels, capabilities.DenoiserChannels);
                lock (gate)
                    capabilities = capabilities with
                    {
                        TimestepPerRow = denoiser.TimestepPerRow,
                        TimestepReason = denoiser.TimestepReason,
                        TimestepType = denoiser.TimestepType.ToString().ToLowerInvariant(),
                        Precision = denoiser.Precision.ToString().ToLowerInvariant(),
                    };
            }),
            LookAsync(TextEncoder, encoder =>
            {
                lock (gate) capabilities = capabilities with { MaxClipSkip = encoder.MaxClipSkip, ClipSkipReason = encoder.ClipSkipReason };
            }),
            LookAsync(Decoder, decoder => CheckChannels("vae_decoder", decoder.Channels, description.LatentChannels)),
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
        found = capabilities;
        return description with { Capabilities = capabilities };
    }

    public void Dispose()
    {
        // The denoiser first: it is what still might run.
        Denoiser.Dispose();
        TextEncoder.Dispose();
        Decoder.Dispose();
        Encoder?.Dispose();
    }

    private static async Task LookAsync<T>(GraphSlot<T> slot, Action<T> look) where T : class, IGraphPart
    {
        using var lease = await slot.HoldAsync(CancellationToken.None);
        slot.Call(RunWidth.Wide, look, static (part, look) => look(part));
    }

    /// <summary>Requests were accepted for what the model could do when it was first opened: a denoiser that cannot be opened edited another time is not that model.</summary>
    private Denoiser Same(Denoiser denoiser)
    {
        if (found is not { } known || denoiser.TimestepPerRow == known.TimestepPerRow) return denoiser;
        denoiser.Dispose();
        throw new GraphException("unet/model.onnx could not be opened as it was before", GraphFault.OutOfMemory);
    }

    private TextEncoder Same(TextEncoder encoder)
    {
        if (found is not { } known || encoder.MaxClipSkip == known.MaxClipSkip) return encoder;
        encoder.Dispose();
        throw new GraphException("text_encoder/model.onnx could not be opened as it was before", GraphFault.OutOfMemory);
    }

    /// <summary>Graph and configuration of different models would only show when the first picture is made.</summary>
    private static void CheckChannels(string part, int channels, int stated)
    {
        if (channels > 0 && channels != stated)
            throw new GraphException($"{part}/model.onnx: its input has {channels} channels where {stated} are expected from the configuration");
    }
}
