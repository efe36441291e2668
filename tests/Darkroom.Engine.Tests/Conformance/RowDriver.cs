using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Execution.Pictures;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Scheduling.Costs;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>
/// Runs rows through the engine's own pieces (rows, plan, executor) in lockstep, and shows the latents after every call: what a golden's callback saw.
/// </summary>
internal sealed class RowDriver(IDiffusionModel model) : IRowTable
{
    private readonly ModelStepExecutor executor = new();
    private readonly List<Row> rows = [];

    public Row this[int number] => rows[number];

    public IReadOnlyList<Row> Rows => rows;

    /// <summary>Adds a row; <paramref name="begun"/> sees it after its starting latents were drawn.</summary>
    public Row Add(GenerationRequest request, ISampler sampler, INoiseSource noise, PictureWork? work = null)
    {
        var job = Job.Admit($"{rows.Count}", request, [], DateTimeOffset.UnixEpoch).Job.Apply(new JobCommand.Claim(), DateTimeOffset.UnixEpoch)!.Job;
        var row = new Row(rows.Count, new ActiveJob(job, new JobWork { Main = default }) { TimestepPerRow = model.Denoiser.TimestepPerRow }, 0,
            Task.FromResult(model));
        var texts = RowTexts.Of(request, model);
        var shape = new LatentShape(model.Description.LatentChannels, request.Height / model.Description.LatentFactor,
            request.Width / model.Description.LatentFactor);
        int begin = request.Edit is { } edit ? RowPreparation.SkippedSteps(request.Steps, edit.Strength) * sampler.CallsPerStep : 0;
        bool seesMask = model.Description.Capabilities.DenoiserChannels == 2 * model.Description.LatentChannels + 1;
        row.Begin(shape, texts, new SamplerStart(sampler, begin), noise, work is null ? null : new PictureRun(work, request.Edit!, shape, seesMask));
        rows.Add(row);
        return row;
    }

    /// <summary>Encodes, denoises and decodes all rows.</summary>
    /// <param name="before">Called with the number of the denoiser call before its answer is used.</param>
    /// <param name="after">Called with the number of the denoiser call, from 0, when every row has taken its answer.</param>
    public void Run(Action<int> before, Action<int> after)
    {
        Evaluate();
        foreach (var row in rows) row.NextStage();
        if (rows[0].Stage is Stage.EncodePicture)
        {
            Evaluate();
            foreach (var row in rows) row.NextStage();
        }
        for (int call = 0; rows[0].Stage is Stage.Denoise; call++)
        {
            Evaluate();
            before(call);
            bool more = true;
            foreach (var row in rows) more = row.Step();
            after(call);
            if (more) continue;
            foreach (var row in rows) row.NextStage();
        }
        Evaluate();
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
        for (int round = 0; rows.Exists(row => row.Stage is not Stage.Deliver); round++)
        {
            var here = rows.Take(round + 1).Where(row => row.Stage is not Stage.Deliver).ToList();
            mixed += Evaluate(here).Count(batch => batch.Key.Stage == NetworkStage.Denoise
                && batch.Evaluations.Select(evaluation => rows[evaluation.Row].Call.Timestep).Distinct().Count() > 1);
            foreach (var row in here)
            {
                bool more = row.Stage is Stage.Denoise && row.Step();
                if (row.Stage is Stage.Denoise) after(row.Number, calls[row.Number]++);
                if (!more) row.NextStage();
            }
        }
        return mixed;
    }

    private IReadOnlyList<Batch> Evaluate(List<Row>? some = null)
    {
        var done = new List<Batch>();
        foreach (var row in rows)
            if (Network.Of(row) is { } network) Assert.True(row.Hold.Take(network, new AsyncSignal()));
        while (true)
        {
            var view = new DeviceView();
            foreach (var row in some ?? rows)
            {
                // a row that has all wants them again until it steps
                var wanted = row.Wanted.Where(one => !done.Exists(batch => batch.Evaluations.Contains(one))).ToArray();
                if (wanted.Length == 0) continue;
                view.Rows.Add(new ReadyRow(row.Number, default, view.Evaluations.Count, wanted.Length));
                view.Evaluations.AddRange(wanted);
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
                    this[evaluation.Row].Leave(evaluation);
                    this[evaluation.Row].Return();
                }
                done.Add(batch);
            }
        }
    }
}
