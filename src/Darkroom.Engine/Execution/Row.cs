using Darkroom.Diffusion.Guidance;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Execution.Pictures;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Scheduling;
using Darkroom.Imaging;
using Darkroom.Models.Families;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Execution;

/// <summary>
/// One picture in flight: where it is in its program, and all the memory it needs on the way, allocated once. Only the engine's loop touches it, and while a
/// call of it runs the device's thread.
/// </summary>
internal sealed class Row(int number, ActiveJob job, int index, Task<IDiffusionModel> model, UpscaleStage? upscale = null, int device = 0)
{
    private readonly RowProgram program = RowProgram.Compile(job.Request);
    private readonly List<Evaluation> wanted = []; // calls that the row waits to be given
    private int inCalls; // evaluations that left for a device and are not back
    private float[] combined = [];
    private int stage;
    private int begin;

    public int Number { get; } = number;

    /// <summary>Index of the device that it runs on.</summary>
    public int Device { get; } = device;

    public ActiveJob Job { get; } = job;

    /// <summary>Which picture of the job, from 0.</summary>
    public int Index { get; } = index;

    public long Seed { get; } = job.Request.Seed + index;

    public GenerationRequest Request => Job.Request;

    /// <summary>The model, once it is loaded.</summary>
    public Task<IDiffusionModel> Model { get; } = model;

    public Stage Stage => program.Stages[stage];

    /// <summary>Lanes of guidance, negative first. Filled by Prepare.</summary>
    public Lane[] Lanes { get; private set; } = [];

    public LatentShape Shape { get; private set; }

    /// <summary>C · h · w values: the point that the network evaluates next, at last the result.</summary>
    public float[] Latents { get; private set; } = [];

    public ISampler? Sampler { get; private set; }

    public SamplerState? State { get; private set; }

    public INoiseSource? Noise { get; private set; }

    /// <summary>The call of the denoiser that is wanted now.</summary>
    public EvaluationPoint Call { get; private set; }

    public DecodedPicture? Picture { get; set; }

    /// <summary>What the row reads. Filled by Prepare.</summary>
    public RowTexts? Texts { get; private set; }

    /// <summary>The upscaler that the finished picture, or the one sent, goes through; null for none.</summary>
    public UpscaleStage? Upscale { get; } = upscale;

    /// <summary>Steps of the schedule that are behind this row.</summary>
    public int StepsDone { get; private set; }

    /// <summary>Steps of the schedule and tiles of the upscaler, done and wanted; those count from when it is loaded.</summary>
    public JobProgress Progress => Upscale is null
        ? new(StepsDone, Request.Steps)
        : Request.Task == GenerationTask.Upscale ? Upscale.Progress : new(StepsDone + Upscale.Progress.Step, Request.Steps + Upscale.Progress.Steps);

    /// <summary>Steps done when a preview was last due.</summary>
    public int PreviewedStep { get; set; }

    /// <summary>What a picture task works on; null for txt2img.</summary>
    public PictureRun? Edit { get; private set; }

    /// <summary>Loading of what a picture task was sent; null before it began.</summary>
    public Task<PictureWork>? Loading { get; set; }

    /// <summary>Compositing of a window and cutting out of the next one; null unless the row waits for it.</summary>
    public Task? Turning { get; private set; }

    /// <summary>Takes what Prepare made and goes on to the next stage.</summary>
    /// <param name="shape">Of the latents.</param>
    /// <param name="texts">What its lanes read.</param>
    /// <param name="start">The sampler, and where the run begins.</param>
    /// <param name="noise">The row's own.</param>
    /// <param name="edit">What a picture task works on.</param>
    public void Begin(LatentShape shape, RowTexts texts, SamplerStart start, INoiseSource noise, PictureRun? edit = null)
    {
        Shape = shape;
        Texts = texts;
        Lanes = [.. Enumerable.Range(0, texts.Lanes).Select(_ => new Lane(shape.Length))];
        if (texts.Plan.IsComposed) combined = new float[shape.Length];
        Sampler = start.Sampler;
        begin = start.Begin;
        Noise = noise;
        Edit = edit;
        Latents = new float[shape.Length];
        if (edit is null)
        {
            noise.Normal(Latents);
            Diffusion.Tensors.Latents.Scale(Latents, Sampler.InitialScale);
        }
        NextStage();
    }

    /// <summary>A picture task whose strength leaves no step: the answer is the picture itself.</summary>
    public void BeginDone(PictureRun edit)
    {
        Edit = edit;
        stage = program.Stages.Count - (Upscale is null ? 1 : 2);
        StepsDone = Request.Steps;
        EnterUpscale();
    }

    public void NextStage()
    {
        stage++;
        Hold.Release();
        wanted.Clear(); // what the next stage wants is made when it is asked for
        switch (Stage)
        {
            case Stage.EncodePicture:
                Edit!.Open();
                break;
            case Stage.Denoise:
                StartSampler();
                break;
            case Stage.Composite:
                // The last window of an outpainting is composited where it is delivered, the others beside the loop.
                if (Edit!.IsLast) NextStage();
                else Turning = Task.Run(() => Edit.Turn(Picture!));
                break;
            case Stage.Upscale:
                EnterUpscale();
                break;
        }
    }

    /// <summary>Goes on with the next window; <see cref="Turning"/> is done.</summary>
    public void Turned()
    {
        Turning = null;
        stage = Array.FindIndex(program.Stages.ToArray(), one => one is Stage.EncodePicture);
    }

    /// <summary>The picture as it stands before an upscaler; what was painted last is laid over it.</summary>
    public Picture Finish()
    {
        if (Upscale is { IsDone: true }) return Upscale.Result();
        if (Edit is not { } edit) return PixelConversion.FromNetwork(Picture!.Values, Picture.Width, Picture.Height);
        if (Picture is { } painted) edit.Close(painted); // no step was run where nothing was painted
        return edit.Result;
    }

    /// <summary>Hands the picture to the upscaler, as soon as that is loaded.</summary>
    public void EnterUpscale()
    {
        if (Stage is not Stage.Upscale || Upscale is not { HasBegun: false, Upscaler.IsCompletedSuccessfully: true }) return;
        Upscale.Begin(Finish());
        if (Request.Task == GenerationTask.Upscale) Job.ModelHash = Upscale.ContentHash;
    }

    private void StartSampler()
    {
        Edit?.Start(Latents, Sampler!, begin, Noise!);
        State = new SamplerState(Sampler!, Shape.Length, begin);
        Sampler!.Start(State, Latents, Noise!);
        NextCall();
    }

    /// <summary>
    /// Takes the network's answers to the call: guidance on the raw output, then the sampler. False when the latents are the result.
    /// </summary>
    public bool Step()
    {
        var output = Combine();
        Sampler!.Advance(State!, output, Latents, Noise!);
        bool more = NextCall();
        Edit?.Blend(Latents, Sampler, more ? State!.Index : null);
        return more;
    }

    /// <summary>The lanes' answers as one; the lanes' own buffers may be used up for it.</summary>
    private float[] Combine()
    {
        var positive = Lanes[^1].Output;
        var negative = Lanes[0].Output;
        if (Texts!.Plan.IsComposed)
        {
            negative.CopyTo(combined, 0);
            double scale = IsGuidedNow ? Request.GuidanceScale : 1;
            for (int part = 1; part < Lanes.Length; part++)
                ComposedGuidance.Add(combined, negative, Lanes[part].Output, scale * Lanes[part].Weight);
            return combined;
        }
        if (!IsGuidedNow) return positive;
        ClassifierFreeGuidance.Apply(negative, negative, positive, Request.GuidanceScale);
        if (Request.GuidanceRescale > 0)
            GuidanceRescale.Apply(negative, positive, Request.GuidanceRescale);
        return negative;
    }

    private bool NextCall()
    {
        wanted.Clear();
        bool more = Sampler!.Next(State!, out var call);
        int done = more ? call.Step : Request.Steps;
        if (more) Texts!.Assign(Lanes, call.Step);
        StepsDone = Edit is { } edit ? (edit.Pass * Request.Steps + done) / edit.Passes : done;
        Call = call;
        return more;
    }

    /// <summary>Whether the step now wanted runs both lanes.</summary>
    public bool IsGuidedNow => Request.IsGuided && Texts!.HasNegative && Request.GuidanceInterval.Guides(Call.Step, Sampler!.Steps);

    /// <summary>Whether it waits for something to be loaded: a model, a picture, an upscaler, a part of a model.</summary>
    public bool IsLoading => Stage switch
    {
        Stage.Prepare => (Request.Task != GenerationTask.Upscale && !Model.IsCompleted) || Loading is { IsCompleted: false },
        Stage.Upscale => !Upscale!.Upscaler.IsCompleted || Hold.IsTaking,
        _ => Hold.IsTaking || Turning is { IsCompleted: false },
    };

    /// <summary>Whether calls of this row run now.</summary>
    public bool IsBusy => inCalls > 0;

    /// <summary>The network of the stage, held while the row works with it.</summary>
    public RowHold Hold { get; } = new();

    /// <summary>
    /// The evaluations that the row waits for, the lanes of one call side by side; made once for each call of its network, and none while that is not held.
    /// </summary>
    public IReadOnlyList<Evaluation> Wanted
    {
        get
        {
            if (wanted.Count == 0 && inCalls == 0 && Hold.IsHeld) Want();
            return wanted;
        }
    }

    /// <summary>Takes note that an evaluation left for a device.</summary>
    public void Leave(in Evaluation evaluation)
    {
        wanted.Remove(evaluation);
        inCalls++;
    }

    /// <summary>Takes note that an evaluation is back; true when none is out or waiting.</summary>
    public bool Return() => --inCalls == 0 && wanted.Count == 0;

    private void Want()
    {
        switch (Stage)
        {
            case Stage.EncodeText:
                for (int text = 0; text < Texts!.Entries.Count; text++)
                    if (Texts.Conditionings[text] is null)
                        wanted.Add(new Evaluation(Number, text, new(Request.Model, NetworkStage.EncodeText, default, Texts.Signatures[text], null)));
                break;
            case Stage.EncodePicture:
                for (int input = 0; input < Edit!.Inputs.Count; input++)
                    wanted.Add(new Evaluation(Number, input, new(Request.Model, NetworkStage.EncodePicture, new LatentShape(3, Edit.Height, Edit.Width), "", null)));
                break;
            case Stage.Denoise:
                for (int lane = FirstLane; lane < Lanes.Length; lane++)
                    wanted.Add(new Evaluation(Number, lane, new(
                        Request.Model, NetworkStage.Denoise, Shape, Lanes[lane].Conditioning!.Signature, Job.TimestepPerRow ? null : Call.Timestep)));
                break;
            case Stage.Decode:
                wanted.Add(new Evaluation(Number, 0, new(Request.Model, NetworkStage.Decode, Shape, "", null)));
                break;
            case Stage.Upscale when Upscale!.HasBegun:
                wanted.Add(new Evaluation(Number, 0, Upscale.NextTile()));
                break;
        }
    }

    // Outside of the guidance interval the prompt alone is asked; a composed prompt is a sum over the negative one's answer.
    private int FirstLane => IsGuidedNow || Texts!.Plan.IsComposed ? 0 : Lanes.Length - 1;
}

/// <summary>One lane of guidance: what it reads now, and the network's last answer for it.</summary>
internal sealed class Lane(int length)
{
    public Conditioning? Conditioning { get; set; }

    /// <summary>Its share where a prompt is composed.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>C · h · w values.</summary>
    public float[] Output { get; } = new float[length];
}
