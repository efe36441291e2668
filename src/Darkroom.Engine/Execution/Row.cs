using Darkroom.Diffusion.Guidance;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Execution;

/// <summary>
/// One picture in flight: where it is in its program, and all the memory it needs on the way, allocated once. Only the engine's loop touches it.
/// </summary>
internal sealed class Row(int number, ActiveJob job, int index, Task<IDiffusionModel> model)
{
    private readonly RowProgram program = RowProgram.Compile(job.Request);
    private int awaited; // lanes whose evaluation was planned and is not back: one bit each
    private int stage;

    public int Number { get; } = number;

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
    public SamplerCall Call { get; private set; }

    public DecodedPicture? Picture { get; set; }

    /// <summary>Steps of the schedule that are behind this row.</summary>
    public int StepsDone { get; private set; }

    /// <summary>Takes what Prepare made and goes on to the next stage.</summary>
    public void Begin(LatentShape shape, TokenizedText[] texts, ISampler sampler, INoiseSource noise)
    {
        Shape = shape;
        Lanes = [.. texts.Select(text => new Lane(text, shape.Length))];
        Sampler = sampler;
        Noise = noise;
        Latents = new float[shape.Length];
        State = new SamplerState(sampler, shape.Length);
        noise.Normal(Latents);
        Diffusion.Tensors.Latents.Scale(Latents, sampler.InitialScale);
        sampler.Start(State, Latents, noise);
        NextStage();
    }

    public void NextStage()
    {
        stage++;
        if (Stage is Stage.Denoise)
            NextCall();
    }

    /// <summary>
    /// Takes the network's answers to the call: guidance on the raw output, then the sampler. False when the latents are the result.
    /// </summary>
    public bool Step()
    {
        var positive = Lanes[^1].Output;
        var output = positive;
        if (IsGuidedNow)
        {
            output = Lanes[0].Output;
            ClassifierFreeGuidance.Apply(output, output, positive, Request.GuidanceScale);
            if (Request.GuidanceRescale > 0)
                GuidanceRescale.Apply(output, positive, Request.GuidanceRescale);
        }
        Sampler!.Advance(State!, output, Latents, Noise!);
        return NextCall();
    }

    private bool NextCall()
    {
        bool more = Sampler!.Next(State!, out var call);
        StepsDone = more ? call.Step : Request.Steps;
        Call = call;
        return more;
    }

    /// <summary>Whether the step now wanted runs both lanes.</summary>
    public bool IsGuidedNow => Lanes.Length == 2 && Request.GuidanceInterval.Contains(Call.Step, Sampler!.Steps);

    /// <summary>Marks a lane's evaluation as done; true when all that were planned are back.</summary>
    public bool Return(int lane)
    {
        awaited &= ~(1 << lane);
        return awaited == 0;
    }

    /// <summary>The evaluations this row is ready for, appended to <paramref name="ready"/>.</summary>
    public void AddEvaluations(List<Evaluation> ready)
    {
        awaited = 0;
        for (int lane = FirstLane; lane < Lanes.Length; lane++)
        {
            if (!NeedsLane(lane)) continue;
            awaited |= 1 << lane;
            ready.Add(new Evaluation(Number, lane, KeyOf(lane)));
        }
    }

    // The decoder sees one set of latents: it counts as the positive lane. So does an unguided step.
    private int FirstLane => Stage is Stage.Decode || (Stage is Stage.Denoise && !IsGuidedNow) ? Lanes.Length - 1 : 0;

    private bool NeedsLane(int lane) => Stage switch
    {
        Stage.EncodeText => Lanes[lane].Conditioning is null,
        Stage.Denoise or Stage.Decode => true,
        _ => false,
    };

    private BatchKey KeyOf(int lane)
    {
        var lanes = Lanes[lane];
        return Stage switch
        {
            Stage.EncodeText => new(Request.Model, NetworkStage.EncodeText, default, lanes.TokenSignature, null),
            Stage.Denoise => new(
                Request.Model, NetworkStage.Denoise, Shape, lanes.Conditioning!.Signature, Job.TimestepPerRow ? null : Call.Timestep),
            _ => new(Request.Model, NetworkStage.Decode, Shape, "", null),
        };
    }
}

/// <summary>One lane of guidance: its text, what the encoder made of it, and the network's last answer for it.</summary>
internal sealed class Lane(TokenizedText text, int length)
{
    public TokenizedText Text { get; } = text;

    public string TokenSignature { get; } = $"tokens[{text.Ids.Length}] skip {text.ClipSkip}";

    public Conditioning? Conditioning { get; set; }

    /// <summary>C · h · w values.</summary>
    public float[] Output { get; } = new float[length];
}
