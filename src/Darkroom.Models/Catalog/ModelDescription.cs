using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Fields;
using Darkroom.Models.Graphs.Quantising;

namespace Darkroom.Models.Catalog;

/// <summary>
/// All that anyone outside this room may know of a model: plain, serialisable data, read from the folder's JSON files. A node without the
/// weights can validate a request with it.
/// </summary>
public sealed record ModelDescription
{
    /// <summary>The id that requests use: the folder's name, or its relative path with <c>--</c> for <c>/</c> where names collide.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>SPDX id or a plain name; null where the folder does not say.</summary>
    public string? Licence { get; init; }

    public string? Notes { get; init; }

    /// <summary>When the folder's index was written; UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary><c>stable-diffusion</c>, later others; null for a folder that could not be read.</summary>
    public string? Family { get; init; }

    /// <summary>What the model can be asked for, in the words of the paths: <c>txt2img</c> …</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];

    /// <summary>Diffusers' name of what the denoiser predicts: <c>epsilon</c>, <c>v_prediction</c>, <c>sample</c>, <c>flow_prediction</c>.</summary>
    public string Prediction { get; init; } = "epsilon";

    /// <summary>Pixels of a side the model was trained at.</summary>
    public int NativeSize { get; init; }

    /// <summary>Width and height are multiples of this, in pixels.</summary>
    public int SizeStep { get; init; } = 8;

    /// <summary>Longest side of one canvas of the denoiser, in pixels.</summary>
    public int MaxSize { get; init; } = 2048;

    /// <summary>The one size that the graphs take; null where they take any. The sizes above follow it.</summary>
    public PixelSize? FixedSize { get; init; }

    /// <summary>
    /// The one number of rows that the denoiser's graph takes; null where it takes any. Calls are made in groups of it, so requests need not know.
    /// </summary>
    public int? FixedBatch { get; init; }

    /// <summary>
    /// The one length of a text in tokens that the denoiser's graph takes, all chunks together; null where it takes any. What is longer is cut.
    /// </summary>
    public int? FixedTextTokens { get; init; }

    /// <summary>Pixels per latent cell, along a side.</summary>
    public int LatentFactor { get; init; } = 8;

    /// <summary>Channels of the latents.</summary>
    public int LatentChannels { get; init; } = 4;

    /// <summary>Channels of its pictures, 1…16: 3 for colours; what others mean is nobody's guess.</summary>
    public int PictureChannels { get; init; } = 3;

    /// <summary>Whether its latents are the pixels: there is no autoencoder.</summary>
    public bool IsPixelSpace { get; init; }

    /// <summary>What stands between the denoiser's latents and the autoencoder's.</summary>
    public AutoencoderScale Autoencoder { get; init; } = new();

    /// <summary>Channels of the text encoders' output for one token, together; null where the folder does not say.</summary>
    public int? TextWidth { get; init; }

    /// <summary>What estimates of memory and cost need to know of the denoiser.</summary>
    public DenoiserSize Denoiser { get; init; } = new(8, 320);

    /// <summary>Resolutions that the denoiser works at, each half of the one above.</summary>
    public int DenoiserLevels { get; init; } = 1;

    /// <summary>Channels of the decoder's finest level.</summary>
    public int DecoderChannels { get; init; } = 128;

    /// <summary>Channels of the widest tensor of the decoder that has the picture's size: those of its finest level but one, doubled in size.</summary>
    public int DecoderWidest { get; init; } = 256;

    /// <summary>Whether the autoencoder's attention holds the products of all cells with each other, as exported graphs do.</summary>
    public bool DecoderHoldsScores { get; init; } = true;

    /// <summary>Tokens of one text chunk, start and end included (77 for CLIP).</summary>
    public int TokenLength { get; init; } = 77;

    /// <summary>The text encoders, in the order in which they are read.</summary>
    public IReadOnlyList<TextEncoderSize> TextEncoders { get; init; } = [];

    /// <summary>Whether it reads prompts: one without text encoders draws from noise, or from a class.</summary>
    public bool ReadsText { get; init; } = true;

    /// <summary>Generation defaults that the model's author set.</summary>
    public ModelDefaults Defaults { get; init; } = new();

    /// <summary>diffusers' class of <c>scheduler_config.json</c>, e.g. <c>DDIMScheduler</c>.</summary>
    public string SamplerClass { get; init; } = "EulerDiscreteScheduler";

    /// <summary>The rest of that file.</summary>
    public SamplerConfig SamplerConfig { get; init; } = new();

    /// <summary>Which published levels the schedule <c>align_your_steps</c> means for this kind of model.</summary>
    public AlignYourStepsModel AlignYourSteps { get; init; }

    /// <summary>What the strength of a picture task means.</summary>
    public StrengthRule Strength { get; init; }

    /// <summary>Whether the latents are what the network is given: unit noise at the start, and every step goes on from the scaled ones.</summary>
    public bool LatentsAreInputs { get; init; }

    /// <summary>Classes of a class-conditional model, which a request names one of; null: it has none.</summary>
    public int? Classes { get; init; }

    /// <summary>Whether flow samplers get noise levels spread evenly from 1 to 1/n, in place of their own.</summary>
    public bool SpreadsLevelsEvenly { get; init; }

    /// <summary>Tokens of the text of an encoder that takes any number of them (T5), where a request does not say; null: there is none.</summary>
    public int? TextTokens { get; init; }

    public ModelCapabilities Capabilities { get; init; } = new();

    /// <summary>What its card says that it computes with; <see cref="WeightPrecision.Auto"/>: as the server is set.</summary>
    public WeightPrecision Precision { get; init; }

    /// <summary>Parts of the folder that are not used, and why: a safety checker, an image encoder.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Bytes of the graphs and their weights on disk: what the model takes at least in memory, all of it.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>The same for each part.</summary>
    public IReadOnlyList<PartSize> Parts { get; init; } = [];

    /// <summary>Bytes of the largest part: what is in memory while it is called.</summary>
    public long BytesOfLargestPart() => Parts.Select(part => part.Bytes).DefaultIfEmpty().Max();

    /// <summary>
    /// Bytes of the weights that may be in memory while an autoencoder's half is called: its own, or those of a part that has room beside it.
    /// </summary>
    /// <param name="budgetBytes">For parts together.</param>
    public long BytesBesideAutoencoder(long budgetBytes)
    {
        long own = Parts.Where(static part => part.Name is FolderLayout.Decoder or FolderLayout.Encoder).Select(part => part.Bytes).DefaultIfEmpty().Max();
        return Math.Max(own, Parts.Select(part => part.Bytes).Where(bytes => bytes <= budgetBytes - own).DefaultIfEmpty().Max());
    }

    /// <summary>Why the folder cannot be used: file and reason. Null for one that can.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether the denoiser takes a mask and the masked picture as further channels: an inpainting network.</summary>
    public bool SeesMask => Capabilities.DenoiserChannels == 2 * LatentChannels + 1;

    /// <summary>Whether the denoiser takes a picture as further channels and edits it by instruction.</summary>
    public bool ShowsPicture => Capabilities.DenoiserChannels == 2 * LatentChannels;

    /// <summary>Whether its pictures are colours, which masks, outpainting, ControlNets and upscalers are for.</summary>
    public bool HasColours => PictureChannels == 3;

    /// <summary>The latents of a picture of this size.</summary>
    public LatentShape LatentsOf(int width, int height) => new(LatentChannels, height / LatentFactor, width / LatentFactor);
}

/// <summary>The autoencoder's latents are the denoiser's / ScalingFactor + ShiftFactor.</summary>
public sealed record AutoencoderScale
{
    public double ScalingFactor { get; init; } = 1;
    public double ShiftFactor { get; init; }
}

/// <summary>The denoiser's finest level.</summary>
/// <param name="AttentionHeads">Heads of the self-attention of <see cref="AttentionLevel"/>; 0 where there is none.</param>
/// <param name="BaseChannels">Channels of its activations.</param>
public readonly record struct DenoiserSize(int AttentionHeads, int BaseChannels)
{
    /// <summary>The first level with attention; each has half the sides of the one before. 0: the finest.</summary>
    public int AttentionLevel { get; init; }

    /// <summary>Whether picture and text attend to each other in one attention.</summary>
    public bool IsJoint { get; init; }

    /// <summary>
    /// The finest level whose attention holds the products of all cells with each other, <see cref="NoLevel"/> where none does; null: that of
    /// <see cref="AttentionLevel"/>, as in exported graphs.
    /// </summary>
    public int? ScoresLevel { get; init; }

    /// <summary>A level that no network has.</summary>
    public const int NoLevel = 30;
}

/// <summary>What the folder says of a text encoder; null where it does not.</summary>
/// <param name="Name">Its part's name.</param>
/// <param name="Layers">Layers one behind the other.</param>
/// <param name="Width">Channels of its output for one token.</param>
/// <param name="PooledWidth">Length of its vector for the whole text, where it has one.</param>
public sealed record TextEncoderSize(string Name, int? Layers, int? Width, int? PooledWidth);

/// <summary>What a model's graphs allow.</summary>
public sealed record ModelCapabilities
{
    /// <summary>Input channels of the denoiser.</summary>
    public int DenoiserChannels { get; init; } = 4;

    /// <summary>Whether rows of different timesteps can share a call; null until the graph was opened.</summary>
    public bool? TimestepPerRow { get; init; }

    /// <summary>Why they cannot; null where they can, or until opened.</summary>
    public string? TimestepReason { get; init; }

    /// <summary>
    /// The timestep's element type in the graph (<c>float32</c>, <c>int64</c> …: an integer graph gets the nearest integer); null until opened.
    /// </summary>
    public string? TimestepType { get; init; }

    /// <summary>The denoiser's element type (<c>float32</c>, <c>float16</c>); null until opened.</summary>
    public string? Precision { get; init; }

    /// <summary>How many of the text encoder's last layers can be left out; null where only the opened graph can tell.</summary>
    public int? MaxClipSkip { get; init; }

    /// <summary>Why none can be; null where some can, or until opened.</summary>
    public string? ClipSkipReason { get; init; }

    public bool ClipSkip => MaxClipSkip > 0;

    /// <summary>Whether the guidance scale is an input of the denoiser: then it costs nothing, and no negative prompt is read.</summary>
    public bool EmbedsGuidance { get; init; }

    /// <summary>Whether it has no such input either: it was distilled from answers guided at one scale.</summary>
    public bool IgnoresGuidance { get; init; }

    /// <summary>Whether LoRAs can be merged into it.</summary>
    public bool Lora { get; init; }

    /// <summary>Why they cannot; null where they can.</summary>
    public string? LoraReason { get; init; }

    /// <summary>Whether prompts may name textual inversions; null where only the opened graph can tell.</summary>
    public bool? Embeddings { get; init; }

    /// <summary>Why they may not; null where they may, or until opened.</summary>
    public string? EmbeddingsReason { get; init; }

    /// <summary>Names of the fields that this model takes beside those that every model takes (<c>prompt_2</c>, <c>crop</c> …).</summary>
    public IReadOnlyCollection<string> ExtraFields { get; init; } = [];

    /// <summary>Layers of the denoiser whose activations can be asked for; null until the graph was opened.</summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>Rules by which calls of the denoiser can be left out.</summary>
    public IReadOnlyList<string> Cache => ExtraFields.Contains(FieldTable.Cache.Name) ? CacheType.Method.Names : [];

    /// <summary>Why it does not take a field that others take, by the field's name.</summary>
    public IReadOnlyDictionary<string, string> FieldReasons { get; init; } = new Dictionary<string, string>();

    /// <summary>With a field that it takes, or why it does not.</summary>
    /// <param name="field">Its name.</param>
    /// <param name="reason">Null: it takes it.</param>
    public ModelCapabilities With(string field, string? reason) => reason is null
        ? this with { ExtraFields = [.. ExtraFields, field] }
        : this with { FieldReasons = new Dictionary<string, string>(FieldReasons) { [field] = reason } };
}
