using Darkroom.Diffusion.Attention;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages.Controls;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Imaging;
using Darkroom.Imaging.Values;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Stages;

/// <summary>
/// What the stages of one row hand on to each other, allocated once. It belongs to whichever thread works on the row: see <see cref="Stage"/>.
/// </summary>
/// <param name="request">Of its job.</param>
/// <param name="number">The row's number in the engine.</param>
/// <param name="index">Which picture of the job, from 0.</param>
/// <param name="warn">Takes what the caller is to be told.</param>
internal sealed class RowMemory(GenerationRequest request, int number, int index, Action<string> warn)
{
    private readonly List<IDisposable> kept = []; // only the engine's loop touches it
    private IDiffusionModel? model;

    public GenerationRequest Request { get; } = request;

    /// <summary>The request with what was found on the way in the place of what it left open.</summary>
    public GenerationRequest Used => Finding?.Noise is { } found ? Request with { Denoise = Request.Denoise! with { Noise = found.Noise } } : Request;

    /// <summary>What is denoised now: the request, or the second pass of it.</summary>
    public GenerationRequest Pass { get; set; } = request;

    public int Number { get; } = number;

    public int Index { get; } = index;

    /// <summary>The picture's own.</summary>
    public long Seed { get; } = request.SeedOf(index);

    /// <summary>The model, which <see cref="LoadModel"/> waited for.</summary>
    public IDiffusionModel Model
    {
        get => model ?? throw new InvalidOperationException("The row's model is not loaded yet.");
        set => model = value;
    }

    /// <summary>The autoencoder in the place of the model's own, which <see cref="LoadAutoencoder"/> waited for; null: the model's own.</summary>
    public ChosenAutoencoder? Autoencoder { get; set; }

    /// <summary>What latents go through at the end.</summary>
    public ILatentDecoder Decoder => Autoencoder?.Decoder ?? Model.Decoder;

    /// <summary>What pictures that are sent go through; null where there is none.</summary>
    public ILatentEncoder? Encoder => Autoencoder is { } chosen ? chosen.Encoder : Model.Encoder;

    /// <summary>The model with the autoencoder that the row uses.</summary>
    public ModelDescription Described => Autoencoder?.Description.In(Model.Description) ?? Model.Description;

    /// <summary>Whether the edges of its picture meet.</summary>
    public bool WrapsRound => Request.Tiling != WrapAxes.None;

    /// <summary>What the row's evaluations of its autoencoder may be batched with: rows of other models too, where they share it.</summary>
    public BatchKey AutoencoderKey(NetworkKind kind, LatentShape shape) =>
        Autoencoder is { } chosen ? new(chosen.Owner, kind, shape, "", null) { Variant = chosen.Variant }
        : new(Request.Model, kind, shape, "", null) { Variant = Decoder.Variant, Content = Model.ContentHash };

    /// <summary>Content hash of the model, or of the upscaler where that is the whole task; empty until it is loaded.</summary>
    public string ModelHash { get; set; } = "";

    /// <summary>Textual inversions that its texts name, which <see cref="LoadModel"/> waited for, too.</summary>
    public IReadOnlyList<PromptEmbedding> Embeddings { get; set; } = [];

    /// <summary>The pixels of a picture task; null for txt2img.</summary>
    public PictureWork? Work { get; set; }

    /// <summary>What the job's rows on this device read.</summary>
    public JobTexts Shared { get; init; } = new();

    /// <summary>What is encoded of a picture that is looked at; null for tasks that make one.</summary>
    public IEncodedInputs? Inputs { get; set; }

    /// <summary>The picture whose noise is taken out; null for any other task.</summary>
    public NoisyPicture? Noisy { get; set; }

    /// <summary>What was found out of the picture that was sent; null: nothing was asked, or not yet.</summary>
    public JobFinding? Finding { get; set; }

    /// <summary>What the layers asked for gave; null: none were, or not yet.</summary>
    public IReadOnlyList<FloatTensor>? Features { get; set; }

    /// <summary>What the row reads.</summary>
    public RowTexts? Texts { get; set; }

    /// <summary>The sampler, and where its run begins.</summary>
    public SamplerStart? Start { get; set; }

    /// <summary>The row's own noise.</summary>
    public INoiseSource? Noise { get; set; }

    /// <summary>Of the latents.</summary>
    public LatentShape Shape { get; set; }

    /// <summary>C · h · w values: the point that the network evaluates next, at last the result.</summary>
    public float[] Latents { get; set; } = [];

    /// <summary>The latents of a picture task; null for txt2img.</summary>
    public PictureRun? Edit { get; set; }

    /// <summary>What the second pass reads; null: there is none.</summary>
    public RowTexts? SecondTexts { get; set; }

    /// <summary>What a second pass begins with, once it has begun; null before, and where there is none.</summary>
    public CarriedLatents? Carried { get; set; }

    /// <summary>The pass that the row is in, from 0.</summary>
    public int PassIndex => Carried is null ? 0 : 1;

    /// <summary>The row's ControlNets.</summary>
    public IReadOnlyList<ControlRun> Controls { get; set; } = [];

    /// <summary>Where the network looked for the words asked for, over all passes; null: nobody asked, or no step was run.</summary>
    public WordMaps? Words { get; set; }

    /// <summary>Windows of an outpainting that come after this one.</summary>
    public int PassesLeft { get; set; }

    /// <summary>Whether the answer stands without any step: strength leaves none, or the mask is empty.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Whether it is denoised no further than the call that it is at. Only the engine's loop touches it.</summary>
    public bool FinishesEarly { get; set; }

    /// <summary>Steps of the schedule that are behind the row, over all windows as a share of one run.</summary>
    public int StepsDone { get; set; }

    /// <summary>What the decoder gave last.</summary>
    public DecodedPicture? Painted { get; set; }

    /// <summary>Keeps a model or an upscaler as it is until the row leaves.</summary>
    public void Keep(IDisposable use) => kept.Add(use);

    /// <summary>The row leaves: others may take the place of what it kept.</summary>
    public void Release()
    {
        foreach (var use in kept) use.Dispose();
        kept.Clear();
    }

    /// <summary>Tells the caller something, once for each text.</summary>
    public void Warn(string text) => warn(text);

    /// <summary>The picture of a request that keeps values, as the network gave it; where no step was run, as it was sent.</summary>
    public PictureValues FinishValues() => Painted is { } painted ? new(painted.Width, painted.Height, painted.Values) : ((ValuesWork)Work!).Values;

    /// <summary>The picture before an upscaler; what was painted last is laid over what stands.</summary>
    public Picture Finish()
    {
        if (Painted is not { } painted) return Work!.Result; // no step was run where nothing was painted
        if (Edit is not { } edit) return PixelConversion.FromNetwork(painted.Values, painted.Width, painted.Height);
        edit.Close(painted);
        return Work!.Result;
    }
}
