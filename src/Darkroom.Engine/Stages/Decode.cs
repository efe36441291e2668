using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Stages;

/// <summary>Latents to pixels.</summary>
internal sealed class Decode(RowMemory row) : Stage
{
    private readonly RowMemory row = row; // a batch runs rows of others too

    public static NetworkKind Network { get; } = new("vae_decode")
    {
        WorkPerWeight = static cells => 12.4 * cells, // 2.5 TFLOP with 50 million weights at 64 x 64 cells
        Timing = TimingKind.Decode,
    };

    private bool isDone;

    public override NetworkKind? Kind => Network;

    public override IModelPart? Part => row.Model.Decoder;

    public override bool IsDone => isDone;

    /// <summary>What it takes for each window.</summary>
    public static StageWork WorkOf(GenerationRequest request, LatentShape latents, double megapixels) =>
        new(new CostKey(request.Model, Network, latents), 1, 1, megapixels);

    public override void Want(List<Evaluation> wanted) => wanted.Add(new Evaluation(row.Number, 0, new(row.Request.Model, Network, row.Shape, "", null)));

    public override StepResult Run(Batch batch, IStageTable stages)
    {
        var latents = new List<ReadOnlyMemory<float>>(batch.Evaluations.Count);
        foreach (var evaluation in batch.Evaluations) latents.Add(RowOf(evaluation).Latents);
        var pictures = row.Model.Decoder.Decode(batch.Key.Shape, latents, WidthOf(batch));
        var check = new AnswerCheck();
        for (int i = 0; i < pictures.Count; i++)
        {
            if (AnswerCheck.IsFinite(pictures[i].Values)) RowOf(batch.Evaluations[i]).Painted = pictures[i];
            else check.Fail(batch.Evaluations[i], "The model's decoder answered with values that are not finite.");
        }
        return check.Result;

        RowMemory RowOf(in Evaluation evaluation) => ((Decode)stages[evaluation.Row]).row;
    }

    public override void Take() => isDone = true;

    public override long BytesOf(int evaluations)
    {
        int factor = row.Model.Description.LatentFactor;
        return evaluations * MemoryEstimate.DecoderBytes(row.Model.Description, row.Shape.Width * factor, row.Shape.Height * factor);
    }
}
