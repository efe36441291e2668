using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Families;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Stages;

/// <summary>A stage that evaluates the denoiser, for whatever it wants the answers: stages of all kinds share its calls.</summary>
internal abstract class DenoiserStage(RowMemory row) : Stage
{
    public static NetworkKind Network { get; } = new("denoise")
    {
        IsMain = true,
        WorkPerWeight = static cells => 0.23 * cells, // 0.80 TFLOP with 860 million weights at 64 x 64 cells
        ShareWeight = JobCost.EvaluationWeight,
        Timing = TimingKind.Denoise,
    };

    [ThreadStatic]
    private static DenoiserRow[]? inputs; // of the device's thread, used again for each of its calls

    private readonly RowMemory row = row; // a batch runs rows of others too

    public override NetworkKind? Kind => Network;

    public override IModelPart? Part => row.Model.Denoiser;

    /// <summary>What an evaluation that is wanted shows the network, and where its answer goes.</summary>
    protected abstract DenoiserRow InputOf(int lane);

    /// <summary>The answer to an evaluation. // [C, h, w]</summary>
    protected abstract float[] OutputOf(int lane);

    /// <summary>Where it is now, in words: step 3 of 20.</summary>
    protected abstract string Place { get; }

    /// <summary>Tokens of the longest text that it reads.</summary>
    protected abstract long Tokens { get; }

    public override StepResult Run(Batch batch, IStageTable stages)
    {
        int count = batch.Evaluations.Count;
        if (inputs is null || inputs.Length < count) inputs = new DenoiserRow[count];
        for (int i = 0; i < count; i++)
            inputs[i] = StageOf(batch.Evaluations[i], stages).InputOf(batch.Evaluations[i].Lane);
        row.Model.Denoiser.Run(batch.Key.Shape, inputs.AsMemory(0, count), WidthOf(batch));
        Array.Clear(inputs); // the rows' memory is theirs again
        var check = new AnswerCheck();
        for (int i = 0; i < count; i++)
        {
            var evaluation = batch.Evaluations[i];
            var stage = StageOf(evaluation, stages);
            if (!AnswerCheck.IsFinite(stage.OutputOf(evaluation.Lane)))
                check.Fail(evaluation, $"The model answered with values that are not finite at {stage.Place}.");
        }
        return check.Result;
    }

    public override long BytesOf(int evaluations)
    {
        int factor = row.Model.Description.LatentFactor;
        return MemoryEstimate.DenoiserBytes(row.Model.Description, row.Shape.Width * factor, row.Shape.Height * factor, evaluations, Tokens);
    }

    /// <summary>What an evaluation may be batched with.</summary>
    /// <param name="conditioning">What it reads.</param>
    /// <param name="timestep">Of it.</param>
    protected BatchKey KeyOf(Conditioning conditioning, double timestep) => new(
        row.Request.Model, Network, row.Shape, conditioning.Signature, row.Model.Denoiser.TimestepPerRow ? null : timestep)
    {
        Variant = row.Model.Denoiser.Variant,
        Content = row.Model.ContentHash,
    };

    /// <summary>Tokens of a text; 0 where there is none.</summary>
    protected static long TokensOf(Conditioning? conditioning)
    {
        long max = 0;
        for (int i = 0; i < (conditioning?.Tensors.Count ?? 0); i++) // by index: an enumerator would be allocated at every step
            if (conditioning!.Tensors[i].Shape is { Count: >= 2 } shape) max = Math.Max(max, shape[^2]);
        return max;
    }

    private static DenoiserStage StageOf(in Evaluation evaluation, IStageTable stages) => (DenoiserStage)stages[evaluation.Row];
}
