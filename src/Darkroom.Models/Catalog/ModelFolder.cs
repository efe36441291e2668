using Darkroom.Diffusion.Configuration;
using Darkroom.Models.Catalog.Json;
using Darkroom.Models.Catalog.Parts;

namespace Darkroom.Models.Catalog;

/// <summary>
/// Reads a folder in diffusers' layout (<c>model_index.json</c>, a folder for each part, ONNX graphs) without opening a graph. Bad content never
/// throws: it becomes the description's <see cref="ModelDescription.Fault"/>, which names each file relative to the folder and why, in plain words.
/// </summary>
public static class ModelFolder
{
    private const int StandardSize = 512, LargestSize = 2048, StandardTokens = 77;

    /// <param name="path">The folder. Its name becomes the id.</param>
    public static ModelDescription Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string name = Path.GetFileName(root) is { Length: > 0 } last ? last : root;
        var faults = new FaultList();
        var model = new ModelDescription { Id = name, Title = name };
        try
        {
            model = Describe(root, model, faults);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Files that go or change while they are read.
            faults.Add(".", "the folder cannot be read: " + FileFault.PlainReason(error));
        }
        return faults.Any ? model with { Tasks = [], Fault = faults.ToString() } : model;
    }

    private static ModelDescription Describe(string root, ModelDescription model, FaultList faults)
    {
        var notes = DarkroomFile.Read(root, faults);
        var index = PipelineIndex.Read(root, faults);
        model = model with
        {
            Title = notes.Title ?? model.Title,
            Licence = notes.Licence,
            Notes = notes.Notes,
            Defaults = notes.Defaults,
            Created = File.Exists(Path.Combine(root, PipelineIndex.Name)) ? File.GetLastWriteTimeUtc(Path.Combine(root, PipelineIndex.Name)) : default,
        };
        if (index is null) return model;
        model = model with { Family = FamilyName.Of(index, faults), Ignored = IgnoredParts.Of(index, root) };
        return model.Family == FamilyName.StableDiffusion ? DescribeStableDiffusion(root, model, notes, faults) : model;
    }

    private static ModelDescription DescribeStableDiffusion(string root, ModelDescription model, DarkroomFile notes, FaultList faults)
    {
        var sampler = SamplerFile.Read(root, faults);
        var tokenizer = TokenizerConfig.Read(root, faults);
        var text = TextEncoderConfig.Read(root, faults);
        var denoiser = DenoiserConfig.Read(root, faults);
        var autoencoder = AutoencoderConfig.Read(root, faults);
        // In this order, which is that of faults.
        long ofText = Bytes("text_encoder"), ofDenoiser = Bytes("unet"), ofDecoder = Bytes("vae_decoder"), ofEncoder = Bytes("vae_encoder");
        var bytes = new PartSizes(ofText, ofDenoiser, ofEncoder, ofDecoder);

        int channels = autoencoder.Channels ?? denoiser.OutChannels ?? 4;
        denoiser.CheckAgainst(channels, text.Width, faults);
        int step = notes.SizeStep ?? autoencoder.Factor << (denoiser.Levels - 1);
        int most = notes.MaxSize ?? LargestSize;
        model = model with
        {
            Tasks = TasksOf(root, denoiser.InChannels ?? channels, channels),
            Prediction = sampler?.Config.PredictionType ?? "epsilon",
            NativeSize = notes.NativeSize ?? Round(denoiser.SampleSize * autoencoder.Factor ?? StandardSize, step, most),
            SizeStep = step,
            MaxSize = most,
            LatentFactor = autoencoder.Factor,
            LatentChannels = channels,
            Autoencoder = autoencoder.Scale,
            Denoiser = denoiser.Finest,
            DecoderChannels = autoencoder.FinestChannels,
            TextWidth = text.Width ?? denoiser.ContextWidth,
            TextLayers = text.Layers,
            TokenLength = Math.Min(tokenizer.MaxLength ?? text.Positions ?? StandardTokens, text.Positions ?? int.MaxValue),
            SamplerClass = sampler?.ClassName ?? model.SamplerClass,
            SamplerConfig = sampler?.Config ?? new SamplerConfig(),
            Capabilities = new() { DenoiserChannels = denoiser.InChannels ?? channels, MaxClipSkip = text.Layers - 1 },
            MemoryBytes = bytes.Total,
            PartBytes = bytes,
        };
        notes.CheckAgainst(model, faults);
        return model;

        long Bytes(string part) => GraphFile.Read(root, part, faults, required: part != "vae_encoder")?.Bytes ?? 0;
    }

    /// <summary>Without an encoder no picture can be worked on; a network for inpainting does that alone.</summary>
    private static string[] TasksOf(string root, int given, int latents) =>
        given == 2 * latents + 1 ? ["inpaint", "outpaint"]
        : File.Exists(Path.Combine(root, "vae_encoder", "model.onnx")) ? ["txt2img", "img2img", "inpaint", "outpaint"] : ["txt2img"];

    /// <summary>A size from the configurations, at most the largest, down to a multiple of the step.</summary>
    private static int Round(int size, int step, int most) => Math.Max(step, Math.Min(size, most) / step * step);
}
