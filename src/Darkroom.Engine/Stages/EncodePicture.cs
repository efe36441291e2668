using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Stages;

/// <summary>Encodes a window's picture, and with a mask the picture without what is repainted.</summary>
internal sealed class EncodePicture(RowMemory row) : Stage
{
    private readonly RowMemory row = row; // a batch runs rows of others too

    public static NetworkKind Network { get; } = new("vae_encode")
    {
        LeadsToMain = true,
        WorkPerWeight = static pixels => 0.125 * pixels, // 1.1 TFLOP with 34 million weights at 512 pixels
        Timing = TimingKind.Encode,
    };

    public override NetworkKind? Kind => Network;

    public override IModelPart? Part => row.Model.Encoder;

    public override bool IsDone => Array.TrueForAll(row.Edit!.Encoded, static one => one is not null);

    /// <summary>What it takes for each window.</summary>
    public static StageWork WorkOf(GenerationRequest request, int width, int height) => new(
        new CostKey(request.Model, Network, new LatentShape(3, height, width)),
        Lanes: request.Edit is { Mask: null, Extension: null } ? 1 : 2,
        Calls: 1,
        Megapixels: JobCost.Megapixels(width, height));

    /// <summary>Cuts the window's inputs out of the canvas.</summary>
    public override Task? Begin(Background background)
    {
        row.PassesLeft = row.Edit!.Passes - row.Edit.Pass - 1;
        return background(() =>
        {
            row.Edit.Open();
            return Task.CompletedTask;
        });
    }

    public override void Want(List<Evaluation> wanted)
    {
        var edit = row.Edit!;
        for (int input = 0; input < edit.Inputs.Count; input++)
            wanted.Add(new Evaluation(row.Number, input, new(row.Request.Model, Network, new LatentShape(3, edit.Height, edit.Width), "", null)));
    }

    public override StepResult Run(Batch batch, IStageTable stages)
    {
        var pictures = new List<ReadOnlyMemory<float>>(batch.Evaluations.Count);
        foreach (var evaluation in batch.Evaluations) pictures.Add(RowOf(evaluation).Edit!.Inputs[evaluation.Lane]);
        var encoded = row.Model.Encoder!.Encode(batch.Key.Shape.Width, batch.Key.Shape.Height, pictures, WidthOf(batch));
        var check = new AnswerCheck();
        for (int i = 0; i < encoded.Count; i++)
        {
            var evaluation = batch.Evaluations[i];
            if (AnswerCheck.IsFinite(encoded[i].Values)) RowOf(evaluation).Edit!.Encoded[evaluation.Lane] = encoded[i];
            else check.Fail(evaluation, "The model's encoder answered with values that are not finite.");
        }
        return check.Result;

        RowMemory RowOf(in Evaluation evaluation) => ((EncodePicture)stages[evaluation.Row]).row;
    }

    public override long BytesOf(int evaluations) =>
        evaluations * MemoryEstimate.DecoderBytes(row.Model.Description, row.Edit!.Width, row.Edit.Height);
}
