using Darkroom.Diffusion.Guidance;
using Darkroom.Diffusion.Schedules.KDiffusion;
using System.Text.Json.Serialization;
using Darkroom.Imaging;
using Darkroom.Models.Fields;
using Darkroom.Models.Graphs;

namespace Darkroom.Engine.Jobs;

/// <summary>
/// What a job is asked to do: complete and immutable, every default and the seed resolved, so that running it again on the same model gives the
/// same pictures. Nothing in it is validated again after this type was made.
/// </summary>
public sealed record GenerationRequest
{
    public required GenerationTask Task { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    public required string Prompt { get; init; }

    /// <summary>What the pictures should not show; null: none was given, which some models tell from an empty text.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>The prompt for a model's later text encoders; null: the same as <see cref="Prompt"/>.</summary>
    public string? Prompt2 { get; init; }

    /// <summary>The negative prompt for a model's later text encoders; null: the same as <see cref="NegativePrompt"/>.</summary>
    public string? NegativePrompt2 { get; init; }

    /// <summary>Sizes and corner that the model is told the picture had in its training set, as SDXL takes them; null: the model's own values.</summary>
    public PixelPair? OriginalSize { get; init; }

    public PixelPair? TargetSize { get; init; }
    public PixelPair? Crop { get; init; }

    /// <summary>The same for the negative prompt.</summary>
    public PixelPair? NegativeOriginalSize { get; init; }

    public PixelPair? NegativeTargetSize { get; init; }
    public PixelPair? NegativeCrop { get; init; }

    /// <summary>Pixels; multiples of the model's size step.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>1…150</summary>
    public required int Steps { get; init; }

    /// <summary>0…30; at most 1 means no guidance.</summary>
    public required double GuidanceScale { get; init; }

    /// <summary>Whether the model takes the scale as an input: then it is no reason for a second lane.</summary>
    public bool EmbedsGuidance { get; init; }

    /// <summary>1…30: guidance by a second lane for a model that embeds the other; null: none.</summary>
    public double? TrueGuidanceScale { get; init; }

    /// <summary>0…10: how strongly a model that edits by instruction keeps to the picture; null: the model is none.</summary>
    public double? ImageGuidanceScale { get; init; }

    /// <summary>The class that a class-conditional model is to draw; null: the model is none.</summary>
    public int? ClassLabel { get; init; }

    /// <summary>0.01…100: shift of a flow model's noise levels; null: the model's own.</summary>
    public double? Shift { get; init; }

    /// <summary>LoRAs that are merged into the model, in this order; null: none.</summary>
    public IReadOnlyList<LoraOrder>? Loras { get; init; }

    /// <summary>Textual inversions that the texts name; null: the model takes none.</summary>
    public IReadOnlyList<EmbeddingOrder>? Embeddings { get; init; }

    /// <summary>
    /// Tokens that textual inversions take in the text that has most of them, at most, with those that chunks lose because the vectors of one stay together.
    /// </summary>
    public int EmbeddingTokens { get; init; }

    /// <summary>The autoencoder in the place of the model's own; null: its own.</summary>
    public VaeOrder? Vae { get; init; }

    /// <summary>1…512: tokens of the text of an encoder that takes any number; null: the model has none.</summary>
    public int? MaxTextTokens { get; init; }

    /// <summary>0…1</summary>
    public double GuidanceRescale { get; init; }

    /// <summary>Step i of n is guided where From ≤ i/n &lt; To.</summary>
    public GuidanceInterval GuidanceInterval { get; init; } = GuidanceInterval.Whole;

    /// <summary>Calls of the denoiser that are left out where what it gave before will do; null: none.</summary>
    public CacheOrder? Cache { get; init; }

    /// <summary>Sampler name of the native API; null: the class in the model's own configuration.</summary>
    public string? Sampler { get; init; }

    /// <summary>Schedule name of the native API; null: the sampler's own.</summary>
    public string? Schedule { get; init; }

    /// <summary>0…1; null: the sampler's own.</summary>
    public double? Eta { get; init; }

    /// <summary>Karras' churn over the whole run, and the noise levels between which it is spent; null: none, and no bound.</summary>
    public double? SChurn { get; init; }

    public double? STmin { get; init; }
    public double? STmax { get; init; }

    /// <summary>Factor on the noise that the sampler draws; null: 1.</summary>
    public double? SNoise { get; init; }

    /// <summary>0…2^53−1; picture i is drawn from Seed + i, or all are from Seed where <see cref="VariationStrength"/> is above 0.</summary>
    public required long Seed { get; init; }

    /// <summary>0…2^53−1: the seed whose noise that of picture 0 is turned towards; that of picture i is i more. Null: no noise is turned.</summary>
    public long? VariationSeed { get; init; }

    /// <summary>0…1: how far.</summary>
    public double VariationStrength { get; init; }

    /// <summary>Pixels of the picture whose starting noise is kept; null: none.</summary>
    public PixelPair? SeedResize { get; init; }

    /// <summary>What is added to the seed for the noise that is drawn after the first; 0: the stream goes on.</summary>
    public long NoiseSeedOffset { get; init; }

    /// <summary>Pictures, 1…8.</summary>
    public int Count { get; init; } = 1;

    public NoiseSource NoiseSource { get; init; } = NoiseSource.TorchCpu;

    /// <summary>0…11, diffusers' numbering.</summary>
    public int ClipSkip { get; init; }

    public PromptStyle PromptStyle { get; init; } = PromptStyle.Weighted;
    public Compatibility Compatibility { get; init; } = Compatibility.Diffusers;
    public PictureFormat Format { get; init; } = PictureFormat.Png;

    /// <summary>8, 16, or 32 for floats as the network gave them, which arrays alone hold.</summary>
    public int BitDepth { get; init; } = 8;

    /// <summary>Channels of the pictures, 1…16: the model's.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Whether the picture is made of the network's own values, never of 8 bits and colours on the way.</summary>
    [JsonIgnore]
    public bool KeepsValues => Channels != 3 || BitDepth != 8 || Format == PictureFormat.Npy || Edit is { Picture.IsArray: true };

    /// <summary>1…100, for JPEG and WebP.</summary>
    public int Quality { get; init; } = FieldTable.DefaultQuality;

    /// <summary>Whether the parameters are written into the pictures.</summary>
    public bool Metadata { get; init; } = true;

    /// <summary>What the picture tasks add; null for txt2img.</summary>
    public PictureEdit? Edit { get; init; }

    /// <summary>The axes along which the picture wraps round.</summary>
    public WrapAxes Tiling { get; init; }

    /// <summary>Words and phrases of the prompt whose place in the picture is shown; null: none. The picture is the same.</summary>
    public IReadOnlyList<string>? Explain { get; init; }

    /// <summary>ControlNets, at most 4; null: none.</summary>
    public IReadOnlyList<ControlOrder>? Controls { get; init; }

    /// <summary>A second pass at a larger size, of txt2img; null: none.</summary>
    public HiresOrder? Hires { get; init; }

    /// <summary>Upscaling of every finished picture, or the whole of an upscale task; null: none.</summary>
    public UpscaleOrder? Upscale { get; init; }

    /// <summary>Noise that is taken out of the picture; null for another task.</summary>
    public DenoiseOrder? Denoise { get; init; }

    /// <summary>What the picture is held against; null for another task.</summary>
    public ClassifyOrder? Classify { get; init; }

    /// <summary>How likely the picture is; null for another task.</summary>
    public LikelihoodOrder? Likelihood { get; init; }

    /// <summary>Layers that are read; null for another task.</summary>
    public FeaturesOrder? Features { get; init; }

    /// <summary>The picture that it makes again; null: it is made for itself. Not one of the picture's parameters.</summary>
    public VerifyOrder? Verify { get; init; }

    /// <summary>Who asked: callers share the devices fairly. Not one of the picture's parameters.</summary>
    public string Caller { get; init; } = "";

    /// <summary>The call that it is a part of; null: it is a request by itself. Not one of the picture's parameters.</summary>
    public SurfaceCall? Call { get; init; }

    /// <summary>Where the end is told; null: nowhere. Not one of the picture's parameters either.</summary>
    public Webhook? Webhook { get; init; }

    /// <summary>The span that asked for it, as W3C's <c>traceparent</c> has it; null: nobody traces. Not one of the picture's parameters.</summary>
    public string? TraceParent { get; init; }

    public JobPriority Priority { get; init; } = JobPriority.Normal;

    /// <summary>Seconds from acceptance after which the job ends as expired; null: never.</summary>
    public double? Deadline { get; init; }

    /// <summary>Steps between previews in the event stream; 0: none.</summary>
    public int PreviewEvery { get; init; }

    /// <summary>Size of a finished picture in pixels, before an upscaler: for an upscale task that of the picture sent.</summary>
    [JsonIgnore]
    public (int Width, int Height) Finished => Edit is { } edit && (Task == GenerationTask.Upscale || edit.Mask is { AnswersPictureSize: true })
        ? (edit.Picture.Width, edit.Picture.Height)
        : Canvas;

    /// <summary>Size of the last pass that is denoised, in pixels.</summary>
    [JsonIgnore]
    public (int Width, int Height) Canvas => Hires is { } hires ? (hires.Width, hires.Height) : (Width, Height);

    /// <summary>Which part of which schedule is run: strength leaves out the first steps.</summary>
    [JsonIgnore]
    public ImageToImageSteps Run => Edit?.RunOf(Steps) ?? Continues?.Run ?? new(Steps, 0, Steps);

    /// <summary>Steps that are run.</summary>
    [JsonIgnore]
    public int StepsRun => Run.Run;

    /// <summary>The seed of picture <paramref name="index"/>.</summary>
    public long SeedOf(int index) => VariationStrength > 0 ? Seed : Seed + index;

    /// <summary>The variation seed of picture <paramref name="index"/>; null: none.</summary>
    public long? VariationSeedOf(int index) => VariationStrength > 0 && VariationSeed is { } variation ? variation + index : null;

    /// <summary>Steps that progress counts for each picture: those of the schedule, and those that a second pass runs.</summary>
    [JsonIgnore]
    public int StepsShown => Steps + (Hires?.Run.Run ?? 0);

    /// <summary>The order that this request is the second pass of; null: it is what was asked.</summary>
    [JsonIgnore]
    public HiresOrder? Continues { get; private init; }

    /// <summary>Steps of the pass before this one; 0: there is none.</summary>
    [JsonIgnore]
    public int StepsBefore { get; private init; }

    /// <summary>The second pass as a request of its own, which begins with what the first made; null: there is none.</summary>
    public GenerationRequest? SecondPass() => Hires is not { } hires ? null : this with
    {
        Width = hires.Width,
        Height = hires.Height,
        Steps = Math.Max(1, hires.Run.ScheduleSteps),
        Prompt = hires.Prompt ?? Prompt,
        NegativePrompt = hires.NegativePrompt ?? NegativePrompt,
        Sampler = HiresOrder.SamplerOf(hires.Sampler, Sampler),
        Eta = hires.Eta,
        Hires = null,
        Continues = hires,
        StepsBefore = Steps,
    };

    /// <summary>The pictures that it was sent with: that of a picture task and its mask, those of ControlNets, the one that is made again.</summary>
    [JsonIgnore]
    public IEnumerable<InputPicture> Inputs => ((InputPicture?[])
        [Edit?.Picture, Edit?.Mask?.Picture, .. Controls?.Select(control => control.Picture) ?? [], Verify?.Picture]).OfType<InputPicture>();

    /// <summary>Ids of the upscalers that it needs.</summary>
    [JsonIgnore]
    public IEnumerable<string> Upscalers => ((string?[])[Upscale?.Model, Hires is { IsLatent: false } ? Hires.Upscaler : null]).OfType<string>().Distinct();

    /// <summary>What is denoised one after the other, each as a request of its own.</summary>
    [JsonIgnore]
    public IEnumerable<GenerationRequest> Passes => SecondPass() is { } second ? [this, second] : [this];

    /// <summary>
    /// Scale of guidance by a second lane: <see cref="GuidanceScale"/>, unless the model takes that as an input. Then it is the true one, which counts for
    /// nothing without a negative prompt, as in diffusers' pipeline of FLUX.
    /// </summary>
    [JsonIgnore]
    public double LaneGuidance => !EmbedsGuidance ? GuidanceScale : NegativePrompt is null ? 1 : TrueGuidanceScale ?? 1;

    /// <summary>Whether guidance lanes are run. diffusers runs none for an edit whose picture counts for less than 1.</summary>
    public bool IsGuided => LaneGuidance > 1 && ImageGuidanceScale is null or >= 1;

    /// <summary>Evaluations at each step, for a prompt of one part: an edit has a lane that is not shown the picture.</summary>
    [JsonIgnore]
    public int Lanes => Classify is { } classify ? classify.Candidates.Count : Likelihood is { } likelihood ? 2 * likelihood.Probes
        : !IsGuided ? 1 : Edit is { ShowsPicture: true } ? 3 : 2;

    /// <summary>Whether it finds something out about a picture and makes none.</summary>
    [JsonIgnore]
    public bool Measures => Task is GenerationTask.Classify or GenerationTask.Likelihood or GenerationTask.Features;

    /// <summary>Evaluations that a row of it wants at once, at most: what measures takes its many in rounds that others can share a call with.</summary>
    [JsonIgnore]
    public int LanesTogether => Measures ? Math.Min(Lanes, MaxMeasuredTogether) : Lanes;

    /// <summary>As many as the lanes of a few guided pictures.</summary>
    public const int MaxMeasuredTogether = 8;
}

public enum GenerationTask { Txt2img, Img2img, Inpaint, Outpaint, Upscale, Denoise, Classify, Likelihood, Features }

public enum NoiseSource { TorchCpu, TorchCuda }

public enum PromptStyle { Plain, Weighted, Comfyui }

public enum Compatibility { Diffusers, A1111, Comfyui }

public enum JobPriority { Low, Normal, High }
