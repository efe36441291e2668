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
        string id = description.Id;
        Denoiser = new(memory, id, "unet", Bytes("unet"), settings => Same(graphs(settings).OpenDenoiser(
            PathOf("unet"), description.LatentsOf(description.SizeStep, description.SizeStep), description.TokenLength)));
        TextEncoder = new(memory, id, "text_encoder", Bytes("text_encoder"), settings => Same(graphs(settings).OpenTextEncoder(
            PathOf("text_encoder"), description.TextLayers, normalise: true)));
        Decoder = new(memory, id, "vae_decoder", Bytes("vae_decoder"), settings => OnnxGraph.Load(PathOf("vae_decoder"), settings).As(
            graph => new LatentDecoder(graph, description.Autoencoder.ScalingFactor, description.Autoencoder.ShiftFactor)));
        if (File.Exists(PathOf("vae_encoder")))
            Encoder = new(memory, id, "vae_encoder", Bytes("vae_encoder"), settings => OnnxGraph.Load(PathOf("vae_encoder"), settings).As(graph => new LatentEncoder(
                graph, description.LatentChannels, description.Autoencoder.ScalingFactor, description.Autoencoder.ShiftFactor)));

        string PathOf(string part) => Path.Combine(folder, part, "model.onnx");

        long Bytes(string part) => description.Parts.FirstOrDefault(one => one.Name == part)?.Bytes ?? 0;
    }

    public TextEncoderPart TextEncoder { get; }

    public DenoiserPart Denoiser { get; }

    public LatentDecoderPart Decoder { get; }

    /// <summary>Null for a model without one.</summary>
    public LatentEncoderPart? Encoder { get; }

    public IEnumerable<IModelPart> All => Encoder is null ? [TextEncoder, Denoiser, Decoder] : [TextEncoder, Denoiser, Decoder, Encoder];

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
        Denoiser.TimestepPerRow = capabilities.TimestepPerRow == true;
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
