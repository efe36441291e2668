using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Imaging;
using Darkroom.Imaging.Tiles;
using Darkroom.Models.Families;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Stages;

/// <summary>
/// Encodes a window's picture, and with a mask the picture without what is repainted. Where the whole does not fit in memory it is a tile for each round.
/// </summary>
/// <param name="row">The row.</param>
/// <param name="options">What says when tiles are needed; null: never.</param>
/// <param name="given">What is encoded; null: what the row's task was sent, in its window.</param>
internal sealed class EncodePicture(RowMemory row, EngineOptions? options = null, IEncodedInputs? given = null) : Stage
{
    private readonly RowMemory row = row; // a batch runs rows of others too
    private readonly IEncodedInputs inputs = given ?? row.Edit!;

    public static NetworkKind Network { get; } = new("vae_encode")
    {
        LeadsToMain = true,
        WorkPerWeight = static pixels => 0.125 * pixels, // 1.1 TFLOP with 34 million weights at 512 pixels
        Timing = TimingKind.Encode,
    };

    private TilePlan? plan; // null: the whole in one call
    private PlaneTiles?[] tiles = []; // what the encoder made of each input's
    private float[][] windows = []; // pixels of each input's tile
    private EncodedPicture?[] answers = [];

    public override NetworkKind? Kind => Network;

    public override IModelPart? Part => row.Encoder;

    public override bool IsDone => Array.TrueForAll(inputs.Encoded, static one => one is not null);

    /// <summary>What it takes for each window.</summary>
    /// <param name="request">The request.</param>
    /// <param name="width">Pixels of the window.</param>
    /// <param name="height">Pixels of the window.</param>
    /// <param name="plan">The tiles that it is taken in; null: none.</param>
    /// <param name="factor">Pixels per cell of the plan.</param>
    public static StageWork WorkOf(GenerationRequest request, int width, int height, TilePlan? plan = null, int factor = 1)
    {
        if (plan is not null) (width, height) = (plan.Window.Width * factor, plan.Window.Height * factor);
        return new(
            new CostKey(AutoencoderChoice.OwnerOf(request), Network, new LatentShape(3, height, width)),
            Lanes: request.Edit is null or { Mask: null, Extension: null } ? 1 : 2,
            Calls: plan?.Count ?? 1,
            Megapixels: JobCost.Megapixels(width, height));
    }

    /// <summary>Cuts the window's inputs out of the canvas.</summary>
    public override Task? Begin(Background background)
    {
        if (row.Edit is { } edit) row.PassesLeft = edit.Passes - edit.Pass - 1;
        return background(() =>
        {
            inputs.Open();
            return Task.CompletedTask;
        });
    }

    public override JobFailure? Start()
    {
        answers = new EncodedPicture?[inputs.Inputs.Count];
        plan = options is null ? null : AutoencoderTiles.Of(row.Described, inputs.Width, inputs.Height, options, row.WrapsRound);
        if (plan is null) return null;
        tiles = new PlaneTiles?[inputs.Inputs.Count];
        windows = [.. inputs.Inputs.Select(_ => new float[3 * CallShape.Width * CallShape.Height])];
        string which = given is BetweenPasses ? "between the passes" : "that was sent";
        row.Warn($"the picture {which} was encoded in {plan.Count} tiles of {CallShape.Width} x {CallShape.Height} pixels");
        return null;
    }

    public override void Want(List<Evaluation> wanted)
    {
        for (int input = 0; input < inputs.Inputs.Count; input++)
        {
            if (plan is not null)
                PlaneTiles.Read(inputs.Inputs[input], inputs.Width, inputs.Height, Pixels(plan[tiles[input]?.Done ?? 0].Window), windows[input]);
            wanted.Add(new Evaluation(row.Number, input, row.AutoencoderKey(Network, CallShape)));
        }
    }

    public override StepResult Run(Batch batch, IStageTable stages)
    {
        var pictures = new List<ReadOnlyMemory<float>>(batch.Evaluations.Count);
        foreach (var evaluation in batch.Evaluations) pictures.Add(StageOf(evaluation).InputOf(evaluation.Lane));
        var encoded = row.Encoder!.Encode(batch.Key.Shape.Width, batch.Key.Shape.Height, pictures, WidthOf(batch));
        var check = new AnswerCheck();
        for (int i = 0; i < encoded.Count; i++)
        {
            var evaluation = batch.Evaluations[i];
            if (AnswerCheck.IsFinite(encoded[i].Values)) StageOf(evaluation).answers[evaluation.Lane] = encoded[i];
            else check.Fail(evaluation, "The model's encoder answered with values that are not finite.");
        }
        return check.Result;

        EncodePicture StageOf(in Evaluation evaluation) => (EncodePicture)stages[evaluation.Row];
    }

    public override void Take()
    {
        for (int input = 0; input < answers.Length; input++)
        {
            var answer = answers[input]!;
            if (plan is not null)
            {
                // Mean and log-variance are put together as they are: where two tiles are mixed both saw the same pixels.
                var whole = tiles[input] ??= new PlaneTiles(plan, 1, answer.Values.Length / (plan.Window.Width * plan.Window.Height), AutoencoderTiles.Fade);
                whole.Add(answer.Values);
                if (!whole.IsDone) continue;
                answer = answer.With(whole.Values);
            }
            inputs.Encoded[input] = answer;
        }
    }

    public override double CallsLeft(double estimated) => plan is null ? estimated : plan.Count - (tiles[0]?.Done ?? 0);

    public override long BytesOf(int evaluations) => evaluations * MemoryEstimate.EncoderBytes(row.Described, CallShape.Width, CallShape.Height);

    private ReadOnlyMemory<float> InputOf(int input) => plan is null ? inputs.Inputs[input] : windows[input];

    private LatentShape CallShape => plan is null ? new(3, inputs.Height, inputs.Width) : new(3, plan.Window.Height * Factor, plan.Window.Width * Factor);

    private int Factor => row.Described.LatentFactor;

    private PixelRect Pixels(PixelRect cells) => new(cells.X * Factor, cells.Y * Factor, cells.Width * Factor, cells.Height * Factor);
}
