using Darkroom.Diffusion.Measuring;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Stages;

/// <summary>Asks the denoiser about a picture, a few evaluations at a time, until its question is answered.</summary>
internal sealed class MeasurePicture(RowMemory row) : DenoiserStage(row)
{
    private readonly RowMemory row = row; // a batch runs rows of others too
    private readonly Lane[] texts = [.. Enumerable.Range(0, row.Texts!.Lanes).Select(_ => new Lane(0))]; // what each candidate reads
    private readonly float[][] outputs =
        [.. Enumerable.Range(0, row.Request.LanesTogether).Select(_ => new float[row.Shape.Length])];
    private MeasuringRun? run;
    private int evaluations;

    public override bool IsDone => run!.Wanted.Count == 0;

    /// <summary>What it takes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="latents">Of the picture.</param>
    /// <param name="megapixels">Of it.</param>
    public static StageWork WorkOf(GenerationRequest request, LatentShape latents, double megapixels)
    {
        int together = request.LanesTogether;
        return new(new CostKey(request.Model, Network, latents), together, request.Steps * ((request.Lanes + together - 1) / together), megapixels);
    }

    /// <summary>What is asked is worked out beside the loop: probes and noises of a large picture take a while.</summary>
    public override Task? Begin(Background background) => background(() =>
    {
        row.Texts!.Assign(texts, 0);
        row.Inputs!.Encoded[0]!.Likeliest(row.Latents);
        run = RunOf(row);
        return Task.CompletedTask;
    });

    public override JobFailure FailureOf(Exception reason) =>
        reason is NotSupportedException ? new(JobFailureKind.GraphMismatch, reason.Message) : base.FailureOf(reason);

    public override void Want(List<Evaluation> wanted)
    {
        for (int lane = 0; lane < run!.Wanted.Count; lane++)
            wanted.Add(new Evaluation(row.Number, lane, KeyOf(texts[run.Wanted[lane].Text].Conditioning!, run.Timestep)));
    }

    public override void Take()
    {
        evaluations += run!.Wanted.Count;
        run.Take([.. run.Wanted.Select((_, lane) => (ReadOnlyMemory<float>)outputs[lane])]);
        row.StepsDone = (int)((long)row.Request.Steps * run.StepsDone / run.Steps);
        if (IsDone) row.Finding = FindingOf(run);
    }

    public override double CallsLeft(double estimated) => run is null ? estimated : estimated * (run.Steps - run.StepsDone) / run.Steps;

    protected override DenoiserRow InputOf(int lane)
    {
        var point = run!.Wanted[lane];
        return new(point.Noised, 1, run.Timestep, texts[point.Text].Conditioning!, outputs[lane]);
    }

    protected override float[] OutputOf(int lane) => outputs[lane];

    protected override string Place => $"step {run!.StepsDone + 1} of {run.Steps}";

    protected override long Tokens => texts.Max(text => TokensOf(text.Conditioning));

    private static MeasuringRun RunOf(RowMemory row)
    {
        var (request, model) = (row.Request, row.Model.Description);
        var levels = TrainingLevels.Of(model.SamplerClass, model.SamplerConfig);
        if (request.Likelihood is { } likelihood)
            return new LikelihoodRun(
                levels, request.Steps, likelihood.Probes, row.Latents, model.IsPixelSpace ? CellOf(request.Edit!.Picture) : null, (uint)request.Seed,
                request.LanesTogether);
        var timesteps = ClassificationRun.TimestepsOf(request.Steps, request.Classify!.Timesteps, levels.Count);
        return new ClassificationRun(levels, request.Classify.Candidates.Count, timesteps, row.Latents,
            SeededNoise.Restore(NoiseOfRow.SeedOf(request, row.Index)), request.LanesTogether);
    }

    /// <summary>Between two neighbouring values from −1 to 1, as the picture was sent; null: it has floats.</summary>
    private static double? CellOf(InputPicture picture) => picture.Bits > 16 ? null : 2 / (Math.Pow(2, picture.Bits) - 1);

    private JobFinding FindingOf(MeasuringRun complete) => complete switch
    {
        LikelihoodRun found => new()
        {
            Likelihood = new(found.LogLikelihood, found.Error, found.Length, !row.Model.Description.IsPixelSpace),
        },
        _ => new() { Classification = Of(((ClassificationRun)complete).Scores) },
    };

    private Classification Of(CandidateScores scores)
    {
        double[] probabilities = scores.Probabilities(row.Shape.Length);
        var candidates = row.Request.Classify!.Candidates.Select((candidate, index) => new CandidateFound(
            candidate, scores.ScoreOf(index), scores.ErrorOf(index), probabilities[index], scores.TrialsOf(index)));
        return new([.. candidates], scores.Best(), scores.Confidence(), evaluations);
    }
}
