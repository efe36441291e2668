using System.Numerics.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Families;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Execution;

/// <summary>
/// Runs batches on loaded models. It knows names and shapes only. Each worker has its own.
/// </summary>
internal sealed class ModelStepExecutor : IStepExecutor
{
    private DenoiserRow[] inputs = [];

    public StepResult Run(Batch batch, IRowTable rows)
    {
        if (batch.Key.Stage == NetworkStage.Upscale)
        {
            UpscaleTiles(batch, rows);
            return StepResult.Passed;
        }
        var model = rows[batch.Evaluations[0].Row].Model.Result();
        switch (batch.Key.Stage)
        {
            case NetworkStage.EncodeText:
                return EncodeText(model, batch, rows);
            case NetworkStage.EncodePicture:
                EncodePictures(model, batch, rows);
                return StepResult.Passed;
            case NetworkStage.Denoise:
                Denoise(model, batch, rows);
                return Checked(batch, rows);
            case NetworkStage.Decode:
                Decode(model, batch, rows);
                return StepResult.Passed;
            default:
                throw new ArgumentOutOfRangeException(nameof(batch), batch.Key.Stage, null);
        }
    }

    /// <summary>Encodes each text once, however many rows read it, and none that another call has encoded meanwhile.</summary>
    private static StepResult EncodeText(IDiffusionModel model, Batch batch, IRowTable rows)
    {
        var texts = new List<TokenizedText>(batch.Evaluations.Count);
        foreach (var evaluation in batch.Evaluations)
        {
            var row = rows[evaluation.Row].Texts!;
            var text = row.Entries[evaluation.Lane];
            if ((row.Conditionings[evaluation.Lane] = model.FindConditioning(text)) is null && !texts.Exists(one => ReadAlike(one, text))) texts.Add(text);
        }
        var encoded = new List<EncodedText>[texts.Count];
        for (int i = 0; i < encoded.Length; i++) encoded[i] = [];
        for (int encoder = 0; texts.Count > 0 && encoder < model.TextEncoders.Count; encoder++)
        {
            var answers = model.TextEncoders[encoder].Encode([.. texts.Select(text => text.Encoders[encoder])], Width(batch));
            for (int i = 0; i < encoded.Length; i++) encoded[i].Add(answers[i]);
        }
        var conditionings = texts.Select((text, i) => model.Condition(text, encoded[i])).ToArray();
        foreach (var evaluation in batch.Evaluations)
        {
            var row = rows[evaluation.Row].Texts!;
            row.Conditionings[evaluation.Lane] ??= conditionings[texts.FindIndex(one => ReadAlike(one, row.Entries[evaluation.Lane]))];
        }
        return StepResult.Passed with { IsTypical = texts.Count == batch.Evaluations.Count };
    }

    private static bool ReadAlike(TokenizedText one, TokenizedText other) => one.Encoders.Zip(other.Encoders).All(pair => pair.First.ReadsAs(pair.Second));

    private static void UpscaleTiles(Batch batch, IRowTable rows)
    {
        var upscaler = rows[batch.Evaluations[0].Row].Upscale!.Upscaler.GetAwaiter().GetResult(); // loaded: the row waited for it
        upscaler.RunTiles(batch.Key.Shape.Width, batch.Key.Shape.Height, [.. batch.Evaluations.Select(evaluation => rows[evaluation.Row].Upscale!.Call)], Width(batch));
    }

    private static void EncodePictures(IDiffusionModel model, Batch batch, IRowTable rows)
    {
        var pictures = new List<ReadOnlyMemory<float>>(batch.Evaluations.Count);
        foreach (var evaluation in batch.Evaluations)
            pictures.Add(rows[evaluation.Row].Edit!.Inputs[evaluation.Lane]);
        var encoded = model.Encoder!.Encode(batch.Key.Shape.Width, batch.Key.Shape.Height, pictures, Width(batch));
        for (int i = 0; i < encoded.Count; i++)
            rows[batch.Evaluations[i].Row].Edit!.Encoded[batch.Evaluations[i].Lane] = encoded[i];
    }

    private void Denoise(IDiffusionModel model, Batch batch, IRowTable rows)
    {
        int count = batch.Evaluations.Count;
        if (inputs.Length < count) inputs = new DenoiserRow[count];
        for (int i = 0; i < count; i++)
        {
            var row = rows[batch.Evaluations[i].Row];
            var lane = row.Lanes[batch.Evaluations[i].Lane];
            inputs[i] = new DenoiserRow(row.Latents, row.Call.InputScale, row.Call.Timestep, lane.Conditioning!, lane.Output)
            {
                MoreChannels = row.Edit?.MoreChannels,
            };
        }
        model.Denoiser.Run(batch.Key.Shape, inputs.AsMemory(0, count), Width(batch));
        Array.Clear(inputs); // the rows' memory is theirs again
    }

    private static void Decode(IDiffusionModel model, Batch batch, IRowTable rows)
    {
        var latents = new List<ReadOnlyMemory<float>>(batch.Evaluations.Count);
        foreach (var evaluation in batch.Evaluations)
            latents.Add(rows[evaluation.Row].Latents);
        var pictures = model.Decoder.Decode(batch.Key.Shape, latents, Width(batch));
        for (int i = 0; i < pictures.Count; i++)
            rows[batch.Evaluations[i].Row].Picture = pictures[i];
    }

    /// <summary>A network can answer NaN for one row of a batch (an overflow in float16): that row fails, and no black picture is sent.</summary>
    private static StepResult Checked(Batch batch, IRowTable rows)
    {
        List<FailedEvaluation>? failures = null;
        for (int i = 0; i < batch.Evaluations.Count; i++)
        {
            var evaluation = batch.Evaluations[i];
            var row = rows[evaluation.Row];
            if (float.IsFinite(TensorPrimitives.MaxMagnitude<float>(row.Lanes[evaluation.Lane].Output))) continue;
            (failures ??= []).Add(new FailedEvaluation(evaluation, new JobFailure(
                JobFailureKind.NonFinite, $"The model answered with values that are not finite at step {row.Call.Step + 1} of {row.Request.Steps}.")));
        }
        return failures is null ? StepResult.Passed : new StepResult(failures);
    }

    private static RunWidth Width(Batch batch) => batch.Width == CallWidth.Narrow ? RunWidth.Narrow : RunWidth.Wide;
}
