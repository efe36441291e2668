using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages.Caching;
using Darkroom.Engine.Stages.Controls;
using Darkroom.Engine.Stages.Explaining;
using Darkroom.Engine.Stages.Guidance;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Families;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Stages;

/// <summary>
/// Runs the sampler to its end, an evaluation of every lane at a time. It owns the sampler's state, the lanes and the guidance rule; an outpainting runs it
/// once for each window, a second
/// pass has one of its own.
/// </summary>
internal sealed class Denoise(RowMemory row) : DenoiserStage(row)
{
    private readonly RowMemory row = row; // a batch runs rows of others too

    /// <summary>ControlNets are asked before the denoiser, at each step: they count as its calls.</summary>
    public static NetworkKind ControlNetwork { get; } = new("control")
    {
        LeadsToMain = true,
        WorkPerWeight = Network.WorkPerWeight,
        Timing = TimingKind.Denoise,
    };

    private readonly ISampler sampler = row.Start!.Value.Sampler;
    private readonly Lane[] lanes =
        [.. Enumerable.Range(0, row.Texts!.Lanes).Select(lane => new Lane(row.Shape.Length) { IsShown = lane >= row.Texts!.Unshown })];
    private readonly GuidanceRule guidance = GuidanceRule.Of(row.Pass, row.Texts!, row.Start!.Value.Sampler.Steps, row.Shape.Length);
    private readonly Queue<ControlRun> asked = new(); // ControlNets that are still to be asked before this step's call
    private readonly WordSight? sight = WordSight.Of(row, row.Texts!); // null: nobody asks where words are
    private AnswerCache? cache; // null: every call is made
    private int controls; // ControlNets that this step asks, a bit for each
    private bool more;

    /// <summary>Lanes of guidance, negative first.</summary>
    public IReadOnlyList<Lane> Lanes => lanes;

    /// <summary>The evaluation that the sampler wants now.</summary>
    public EvaluationPoint Point { get; private set; }

    public SamplerState? State { get; private set; }

    public override NetworkKind? Kind => asked.Count > 0 ? ControlNetwork : Network;

    public override IModelPart? Part => asked.TryPeek(out var control) ? control.Net : row.Model.Denoiser;

    public override bool IsDone => !more;

    public override ReadOnlySpan<float> Denoised => State is null ? [] : State.Denoised;

    /// <summary>What it takes for each window.</summary>
    /// <param name="request">The request.</param>
    /// <param name="latents">Of a window.</param>
    /// <param name="callsPerStep">Of its sampler.</param>
    /// <param name="megapixels">Of a window.</param>
    public static StageWork WorkOf(GenerationRequest request, LatentShape latents, int callsPerStep, double megapixels) => new(
        new CostKey(request.Model, Network, latents), Lanes: request.Lanes, Calls: callsPerStep * request.StepsRun, megapixels);

    /// <summary>Draws the starting latents.</summary>
    public override Task? Begin(Background background)
    {
        int begin = row.Start!.Value.Begin;
        if (row.Edit is { } edit)
        {
            edit.Start(row.Latents, sampler, begin, row.Noise!);
        }
        else if (row.Carried is { } carried)
        {
            carried.Start(row.Latents, row.Shape, sampler, begin, row.Noise!);
        }
        else if (row.Noisy is { } noisy)
        {
            noisy.Start(row.Latents, sampler, begin);
        }
        else if (State is null)
        {
            row.Noise!.First(row.Latents, row.Shape);
            if (!row.Model.Description.LatentsAreInputs) Latents.Scale(row.Latents, sampler.InitialScale);
        }
        State = new SamplerState(sampler, row.Shape.Length, begin);
        sampler.Start(State, row.Latents, row.Noise!);
        cache = AnswerCache.Of(row, sampler, begin, lanes.Length);
        Next();
        SkipCalls();
        return null;
    }

    public override void Want(List<Evaluation> wanted)
    {
        if (asked.TryPeek(out var control))
        {
            for (int lane = FirstLaneOf(control); lane < lanes.Length; lane++)
                wanted.Add(new Evaluation(row.Number, lane, new(
                    control.Net.Name, ControlNetwork, row.Shape, lanes[lane].Conditioning!.Signature, control.Net.TimestepPerRow ? null : Point.Timestep)
                {
                    Variant = control.Net.Variant,
                }));
            return;
        }
        for (int lane = guidance.FirstLane(Point.Step); lane < lanes.Length; lane++)
            wanted.Add(new Evaluation(row.Number, lane, KeyOf(lanes[lane].Conditioning!, Point.Timestep)));
    }

    public override StepResult Run(Batch batch, IStageTable stages) =>
        batch.Key.Kind.Equals(ControlNetwork) ? RunControl(batch, stages) : base.Run(batch, stages);

    protected override DenoiserRow InputOf(int lane) => new(Shown, Point.InputScale, Point.Timestep, lanes[lane].Conditioning!, lanes[lane].Output)
    {
        MoreChannels = lanes[lane].IsShown ? row.Edit?.MoreChannels : row.Edit?.NoChannels,
        Residuals = lanes[lane].Residuals,
        Observer = sight?.ObserverOf(lane),
    };

    protected override float[] OutputOf(int lane) => lanes[lane].Output;

    protected override string Place => $"step {Point.Step + 1} of {row.Pass.Steps}";

    /// <summary>Guidance on the network's raw output, then the sampler, on to the next call that is to be made.</summary>
    public override void Take()
    {
        if (asked.TryDequeue(out var control))
        {
            for (int lane = FirstLaneOf(control); lane < lanes.Length; lane++) lanes[lane].Add(control.WeightOf);
            return;
        }
        var output = guidance.Combine(lanes, Point.Step);
        cache?.Keep(AtHand, output);
        Advance(output);
        SkipCalls();
    }

    private CallAtHand AtHand => new(Point, State!, Shown, guidance, controls);

    /// <summary>Takes the sampler over calls that what the network gave before will do for: no evaluation is wanted for them.</summary>
    private void SkipCalls()
    {
        while (more && cache?.Find(AtHand, lanes) is { } answer)
        {
            asked.Clear();
            Advance(answer);
        }
    }

    private void Advance(float[] output)
    {
        if (row.Model.Description.LatentsAreInputs) Latents.Scale(row.Latents, Point.InputScale);
        row.Edit?.Keep(output, row.Latents, sampler, State!, Point);
        sampler.Advance(State!, output, row.Latents, row.Noise!);
        Next();
        if (more && row.FinishesEarly) Finish();
        row.Edit?.Blend(row.Latents, sampler, more ? State!.Index : null);
    }

    public override double CallsLeft(double estimated) => more ? estimated * Math.Max(row.Pass.StepsRun - StepsBehind, 0) / row.Pass.StepsRun : 0;

    /// <summary>Of the longest text.</summary>
    protected override long Tokens
    {
        get
        {
            long max = 0;
            foreach (var lane in lanes) max = Math.Max(max, TokensOf(lane.Conditioning));
            return max;
        }
    }

    /// <summary>
    /// Steps of this run that are behind: some samplers count from where it begins, others from the first step of the schedule. Of PNDM, whose redone step
    /// counts as the first, the call that a run begins late with is of the step before its own.
    /// </summary>
    private int StepsBehind => Math.Max(Point.Step - row.Start!.Value.Begin / sampler.CallsPerStep, 0);

    /// <summary>The latents as the network is shown them.</summary>
    private float[] Shown { get; set; } = row.Latents;

    private void Next()
    {
        more = sampler.Next(State!, out var point);
        Point = point;
        if (more)
        {
            Shown = row.Edit?.Shown(row.Latents, sampler, State!, point) ?? row.Latents;
            int place = RequestPrompts.PlaceOf(row.Pass, row.Carried is null ? point.Step : StepsBehind, State!.Calls);
            row.Texts!.Assign(lanes, place);
            sight?.Read(place);
            AskControls();
        }
        int steps = row.Request.Steps, done = row.Carried is not null ? steps + (more ? Math.Min(StepsBehind, row.Pass.StepsRun) : row.Pass.StepsRun)
            : more ? Math.Min(steps - row.Request.StepsRun + StepsBehind, steps)
            : steps;
        row.StepsDone = row.Edit is { } edit ? (edit.Pass * steps + done) / edit.Passes : done;
    }

    /// <summary>The picture as it stands: what the last call took for the clean latents, without the noise that is left.</summary>
    private void Finish()
    {
        State!.Denoised.CopyTo(row.Latents);
        row.Warn($"picture {row.Index} was finished early, after {row.StepsDone} of {row.Request.StepsShown} steps, as was asked");
        more = false;
        asked.Clear();
        row.StepsDone = row.Edit is { } edit ? row.Request.Steps * (edit.Pass + 1) / edit.Passes : row.Request.StepsShown;
    }

    private void AskControls()
    {
        if (row.Controls.Count == 0) return;
        foreach (var lane in lanes) lane.Forget();
        controls = 0;
        for (int i = 0; i < row.Controls.Count; i++)
        {
            if (!row.Controls[i].IsAsked(StepsBehind, row.Pass.StepsRun)) continue;
            asked.Enqueue(row.Controls[i]);
            controls |= 1 << i;
        }
    }

    /// <summary>The lanes that are evaluated, but those that a ControlNet in guess mode leaves alone.</summary>
    private int FirstLaneOf(ControlRun control) => Math.Max(guidance.FirstLane(Point.Step), control.LeavesNegative ? row.Texts!.NegativeLanes : 0);

    private StepResult RunControl(Batch batch, IStageTable stages)
    {
        var control = asked.Peek();
        var rows = new ControlRow[batch.Evaluations.Count];
        var check = new AnswerCheck();
        for (int i = 0; i < rows.Length; i++)
        {
            var stage = (Denoise)stages[batch.Evaluations[i].Row];
            var lane = stage.lanes[batch.Evaluations[i].Lane];
            rows[i] = new ControlRow(
                stage.Shown, stage.Point.InputScale, stage.Point.Timestep, lane.Conditioning!, stage.asked.Peek().Picture, lane.Control);
        }
        control.Net.Run(batch.Key.Shape, rows, WidthOf(batch));
        for (int i = 0; i < rows.Length; i++)
            if (!Array.TrueForAll(rows[i].Answers.Values, static answer => AnswerCheck.IsFinite(answer)))
                check.Fail(batch.Evaluations[i], "A ControlNet answered with values that are not finite.");
        return check.Result;
    }
}
