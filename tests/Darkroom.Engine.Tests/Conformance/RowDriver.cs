using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Scheduling.Costs;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Models.Families;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>
/// Runs rows through the engine's own pieces (stages, rows, plan, executor) in lockstep, with the sampler and the noise that a golden names, and shows the
/// latents after every call: what a golden's callback saw.
/// </summary>
internal sealed class RowDriver(IDiffusionModel main) : IStageTable
{
    private readonly StepExecutor executor = new();
    private readonly AsyncSignal signal = new();
    private readonly List<Row> rows = [];

    public Stage this[int row] => rows[row].Stage!;

    public bool AreOfOneJob(int row, int other) => rows[row].Job == rows[other].Job;

    public IReadOnlyList<RowMemory> Rows => [.. rows.Select(row => row.Memory)];

    /// <summary>Batches of ControlNets so far that held rows of different timesteps.</summary>
    public int MixedControls { get; private set; }

    /// <summary>The lanes of a row that denoises.</summary>
    public IReadOnlyList<Lane> LanesOf(int row) => ((Denoise)this[row]).Lanes;

    /// <summary>Adds a row, of another model where one is named.</summary>
    public RowMemory Add(GenerationRequest request, ISampler sampler, INoiseSource noise, PictureWork? work = null, IDiffusionModel? model = null,
        IReadOnlyList<PromptEmbedding>? embeddings = null)
    {
        model ??= main;
        var description = model.Description;
        int factor = description.LatentFactor;
        request = request with { EmbedsGuidance = description.Capabilities.EmbedsGuidance };
        if (request.Width == 0) request = request with { Width = description.NativeSize, Height = description.NativeSize };
        var claimed = Engine.Jobs.Job.Admit($"{rows.Count}", request, [], DateTimeOffset.UnixEpoch).Job.Apply(new JobCommand.Claim(),
            DateTimeOffset.UnixEpoch)!.Job;
        var job = new ActiveJob(claimed, new JobWork([], new StageWork(new CostKey("", new NetworkKind("none"), default), 1, 1, 1)));
        int begin = request.Compatibility == Compatibility.Diffusers ? request.Steps - request.StepsRun : 0;
        var memory = new RowMemory(request, rows.Count, 0, job.Warn)
        {
            Model = model,
            Work = work,
            Texts = RowTexts.Of(request, model, request.Width, request.Height, embeddings),
            Shape = new LatentShape(description.LatentChannels, request.Height / factor, request.Width / factor),
            Start = new SamplerStart(sampler, begin * sampler.CallsPerStep),
            Noise = noise,
        };
        memory.Latents = new float[memory.Shape.Length];
        if (work is not null) memory.Edit = PictureRun.Of(memory, description);
        rows.Add(new Row(job, memory, 0, new RowProgram(null, StagesOf(memory))));
        return memory;
    }

    /// <summary>Adds a row with the whole program of its task.</summary>
    public RowMemory Add(GenerationRequest request, IRowSources sources)
    {
        var claimed = Engine.Jobs.Job.Admit($"{rows.Count}", request, [], DateTimeOffset.UnixEpoch).Job.Apply(new JobCommand.Claim(),
            DateTimeOffset.UnixEpoch)!.Job;
        var job = new ActiveJob(claimed, new JobWork([], new StageWork(new CostKey("", new NetworkKind("none"), default), 1, 1, 1)));
        var memory = new RowMemory(request, rows.Count, 0, job.Warn);
        rows.Add(new Row(job, memory, 0, RowProgram.Of(memory, sources, 0)));
        return memory;
    }

    /// <summary>How far a row is.</summary>
    public JobProgress ProgressOf(int row) => rows[row].Progress;

    /// <summary>Encodes, denoises and decodes all rows.</summary>
    /// <param name="before">Called with the number of the denoiser call before its answer is used.</param>
    /// <param name="after">Called with the number of the denoiser call, from 0, when every row has taken its answer.</param>
    public void Run(Action<int> before, Action<int> after)
    {
        int call = 0;
        for (Advance(rows); rows[0].Stage is { } stage; Advance(rows))
        {
            Evaluate(rows);
            bool denoises = stage.Kind is { IsMain: true }; // before each of these, ControlNets may be asked
            if (denoises) before(call);
            foreach (var row in rows) row.Take();
            if (denoises) after(call++);
        }
    }

    /// <summary>
    /// Runs the rows as strangers that come one after another: row i joins at round i, each is at its own step, and leaves when it is done.
    /// </summary>
    /// <param name="after">Called with a row's number and the number of its denoiser call, from 0, when it has taken the answer.</param>
    /// <returns>Batches of the denoiser that held rows of different timesteps.</returns>
    public int RunMixed(Action<int, int> after)
    {
        int mixed = 0;
        var calls = new int[rows.Count];
        for (int round = 0; rows.Exists(row => row.Stage is not null); round++)
        {
            var here = rows.Take(round + 1).Where(row => row.Stage is not null).ToList();
            Advance(here);
            here.RemoveAll(row => row.Stage is null);
            var done = Evaluate(here);
            mixed += done.Count(batch => batch.Key.Kind.IsMain && HasSeveralTimesteps(batch));
            MixedControls += done.Count(batch => batch.Key.Kind.Equals(Denoise.ControlNetwork) && HasSeveralTimesteps(batch));
            foreach (var row in here)
            {
                bool denoises = row.Stage is { Kind.IsMain: true };
                row.Take();
                if (denoises) after(row.Number, calls[row.Number]++);
            }
            Advance(here);
        }
        return mixed;
    }

    private bool HasSeveralTimesteps(Batch batch) =>
        batch.Evaluations.Select(evaluation => ((Denoise)this[evaluation.Row]).Point.Timestep).Distinct().Count() > 1;

    private static IEnumerable<Stage> StagesOf(RowMemory row)
    {
        yield return new EncodeText(row);
        if (row.Edit is not null) yield return new EncodePicture(row);
        yield return new Denoise(row);
        yield return new Decode(row);
    }

    private void Advance(List<Row> some)
    {
        foreach (var row in some)
        {
            Assert.Null(row.Advance(static work => work().WaitAsync(TimeSpan.FromMinutes(1)), signal));
            if (row.NeededPart() is { } part) Assert.True(row.Hold.Take(part, signal));
        }
    }

    private List<Batch> Evaluate(List<Row> some)
    {
        var done = new List<Batch>();
        var wanted = some.ToDictionary(row => row, row => row.Wanted.ToList());
        while (true)
        {
            var view = new DeviceView();
            foreach (var row in some)
            {
                Assert.Null(row.Fault);
                if (wanted[row].Count == 0) continue;
                view.Rows.Add(new ReadyRow(row.Number, default, view.Evaluations.Count, wanted[row].Count));
                view.Evaluations.AddRange(wanted[row]);
            }
            var calls = new List<Batch>();
            new StepScheduler(new CostTable(DeviceTraits.Gpu, static _ => null), new SchedulingPolicy { Target = SchedulingTarget.Throughput })
                .Plan(view, calls);
            if (calls.Count == 0) return done;
            foreach (var batch in calls)
            {
                Assert.Empty(executor.Run(batch, this).Failures);
                foreach (var evaluation in batch.Evaluations)
                {
                    rows[evaluation.Row].Dispatch(evaluation);
                    rows[evaluation.Row].Return();
                    wanted[rows[evaluation.Row]].Remove(evaluation);
                }
                done.Add(batch);
            }
        }
    }
}

/// <summary>A golden that was given its starting latents: they take the place of the first draw.</summary>
internal sealed class GivenLatents(INoiseSource inner, float[] latents) : INoiseSource
{
    private bool given;

    public void Normal(Span<float> destination)
    {
        inner.Normal(destination);
        if (!given) latents.CopyTo(destination);
        given = true;
    }

    public void Increment(double sigma, double sigmaNext, Span<float> destination) => inner.Increment(sigma, sigmaNext, destination);
}
