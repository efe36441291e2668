using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Imaging.Tiles;
using Darkroom.Models.Families;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Stages;

/// <summary>
/// Latents to pixels. Where the whole does not fit in memory it is a tile for each round, so that it never holds up rows that denoise, and tiles of strangers
/// share a call.
/// </summary>
/// <param name="row">The row.</param>
/// <param name="options">What says when tiles are needed; null: never.</param>
internal sealed class Decode(RowMemory row, EngineOptions? options = null) : Stage
{
    private readonly RowMemory row = row; // a batch runs rows of others too

    public static NetworkKind Network { get; } = new("vae_decode")
    {
        WorkPerWeight = static cells => 12.4 * cells, // 2.5 TFLOP with 50 million weights at 64 x 64 cells
        Timing = TimingKind.Decode,
    };

    private PlaneTiles? tiles; // null: the whole in one call
    private float[] window = []; // latents of the tile
    private DecodedPicture? answer;
    private bool isDone;

    public override NetworkKind? Kind => Network;

    public override IModelPart? Part => row.Decoder;

    public override bool IsDone => isDone;

    /// <summary>What it takes for each window.</summary>
    /// <param name="request">The request.</param>
    /// <param name="latents">Of the window.</param>
    /// <param name="megapixels">Of the window.</param>
    /// <param name="plan">The tiles that it is taken in; null: none.</param>
    public static StageWork WorkOf(GenerationRequest request, LatentShape latents, double megapixels, TilePlan? plan = null)
    {
        string owner = AutoencoderChoice.OwnerOf(request);
        if (plan is null) return new(new CostKey(owner, Network, latents), 1, 1, megapixels);
        var (width, height) = plan.Window;
        return new(new CostKey(owner, Network, latents with { Width = width, Height = height }), 1, plan.Count,
            megapixels * width * height / (latents.Width * latents.Height));
    }

    public override JobFailure? Start()
    {
        int factor = row.Described.LatentFactor;
        if (options is null || AutoencoderTiles.Of(
                row.Described, row.Shape.Width * factor, row.Shape.Height * factor, options, row.WrapsRound) is not { } plan) return null;
        tiles = new PlaneTiles(plan, factor, row.Described.PictureChannels, AutoencoderTiles.Fade);
        window = new float[row.Shape.Channels * plan.Window.Width * plan.Window.Height];
        row.Warn($"the picture was decoded in {plan.Count} tiles of {plan.Window.Width * factor} x {plan.Window.Height * factor} pixels, "
            + (options.VaeTile is null ? "since its whole needs more memory than there is" : "as the server's settings say"));
        return null;
    }

    public override void Want(List<Evaluation> wanted)
    {
        if (tiles is not null) PlaneTiles.Read(row.Latents, row.Shape.Width, row.Shape.Height, tiles.Plan[tiles.Done].Window, window);
        wanted.Add(new Evaluation(row.Number, 0, row.AutoencoderKey(Network, CallShape)));
    }

    public override StepResult Run(Batch batch, IStageTable stages)
    {
        var latents = new List<ReadOnlyMemory<float>>(batch.Evaluations.Count);
        foreach (var evaluation in batch.Evaluations) latents.Add(StageOf(evaluation).Input);
        var pictures = row.Decoder.Decode(batch.Key.Shape, latents, WidthOf(batch));
        var check = new AnswerCheck();
        for (int i = 0; i < pictures.Count; i++)
        {
            if (AnswerCheck.IsFinite(pictures[i].Values)) StageOf(batch.Evaluations[i]).answer = pictures[i];
            else check.Fail(batch.Evaluations[i], "The model's decoder answered with values that are not finite.");
        }
        return check.Result;

        Decode StageOf(in Evaluation evaluation) => (Decode)stages[evaluation.Row];
    }

    public override void Take()
    {
        if (tiles is null) row.Painted = answer;
        else
        {
            tiles.Add(answer!.Values);
            if (!tiles.IsDone) return;
            int factor = row.Described.LatentFactor;
            row.Painted = new DecodedPicture(row.Shape.Width * factor, row.Shape.Height * factor, tiles.Values);
        }
        (isDone, answer, tiles, window) = (true, null, null, []);
    }

    public override double CallsLeft(double estimated) => tiles is null ? estimated : tiles.Plan.Count - tiles.Done;

    public override long BytesOf(int evaluations)
    {
        int factor = row.Described.LatentFactor;
        return evaluations * MemoryEstimate.DecoderBytes(row.Described, CallShape.Width * factor, CallShape.Height * factor);
    }

    private ReadOnlyMemory<float> Input => tiles is null ? row.Latents : window;

    private LatentShape CallShape => tiles is null ? row.Shape : row.Shape with { Width = tiles.Plan.Window.Width, Height = tiles.Plan.Window.Height };
}
