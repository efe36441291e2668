using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Imaging;
using Darkroom.Models.Residency;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Stages;

/// <summary>
/// Sends the finished picture, or the one that came, through an upscaler: a tile for each round, so that it never holds up rows that denoise, and tiles of
/// strangers share a call.
/// </summary>
/// <param name="row">The row.</param>
/// <param name="upscaler">The network, loading since the job was claimed.</param>
/// <param name="between">What goes from the first pass to the second, where that is what is enlarged; null: the finished picture.</param>
internal sealed class Upscale(RowMemory row, Task<Upscaler> upscaler, BetweenPasses? between = null) : Stage
{
    public static NetworkKind Network { get; } = new("upscale")
    {
        WorkPerWeight = static pixels => 2 * pixels,
        Timing = TimingKind.Decode,
    };

    private readonly UpscaleOrder order = between is null ? row.Request.Upscale! : BetweenPasses.UpscaleOf(row.Request)!;
    private readonly (int Width, int Height) size = between is null ? row.Request.Finished : (row.Request.Width, row.Request.Height);
    private UpscaleRun? run;
    private float[] input = [], output = [];
    private int tiles;

    public override NetworkKind? Kind => Network;

    public override IModelPart? Part => Loaded;

    public override bool IsDone => run is { IsDone: true };

    /// <summary>Tiles answered and wanted; none before the network is loaded.</summary>
    public JobProgress Progress => new(run?.TilesDone ?? 0, Tiles);

    /// <summary>Whether it is known how many tiles there are: the network is loaded.</summary>
    public bool AreTilesCounted => Tiles > 0;

    /// <summary>What it takes: tiles of all passes, where the upscaler's file tells them; else those of one.</summary>
    public static StageWork WorkOf(GenerationRequest request, UpscalerDescription? upscaler) => WorkOf(request.Upscale!, request.Finished, upscaler);

    /// <summary>The same between the passes of a request.</summary>
    public static StageWork WorkBetween(GenerationRequest request, UpscalerDescription? upscaler) =>
        WorkOf(BetweenPasses.UpscaleOf(request)!, (request.Width, request.Height), upscaler);

    private static StageWork WorkOf(UpscaleOrder order, (int Width, int Height) size, UpscalerDescription? upscaler)
    {
        var (width, height) = size;
        int tile = order.Tile ?? upscaler?.Tile ?? UpscaleTiling.DefaultTile;
        int tiles = upscaler is null ? 0 : TilesOf(order, size, upscaler) ?? 0;
        if (tiles == 0) tiles = (width + tile - 1) / tile * ((height + tile - 1) / tile);
        var shape = new LatentShape(3, Math.Min(tile, height), Math.Min(tile, width));
        return new StageWork(new CostKey(order.Model, Network, shape), 1, tiles, JobCost.Megapixels(shape.Width, shape.Height));
    }

    /// <summary>Tiles of a picture; null where the upscaler's file does not tell.</summary>
    public static int? TilesOf(UpscaleOrder order, (int Width, int Height) size, UpscalerDescription upscaler) => upscaler.CountTiles(
        size.Width, size.Height, order.Scale, new UpscaleTiling(order.Tile ?? upscaler.Tile, order.Overlap ?? upscaler.Overlap));

    /// <summary>Waits for the upscaler, then cuts the picture beside the loop.</summary>
    public override Task? Begin(Background background) => BeginAsync(background);

    public override JobFailure FailureOf(Exception reason) => upscaler.IsCompletedSuccessfully
        ? base.FailureOf(reason)
        : new(JobFailureKind.ModelUnavailable, $"The upscaler '{order.Model}' could not be loaded.");

    public override JobFailure? Start()
    {
        if (row.Request.Task == GenerationTask.Upscale) row.ModelHash = Loaded.ContentHash;
        return null;
    }

    /// <summary>Reads the next tile.</summary>
    public override void Want(List<Evaluation> wanted)
    {
        var tile = run!.Wanted.First();
        if (input.Length != run.InputLength(tile)) input = new float[run.InputLength(tile)];
        if (output.Length != run.OutputLength(tile)) output = new float[run.OutputLength(tile)];
        run.Read(tile, input);
        wanted.Add(new Evaluation(row.Number, 0, new(order.Model, Network, new LatentShape(run.Planes, tile.Input.Height, tile.Input.Width), "", null)
        {
            Content = Loaded.ContentHash,
        }));
    }

    public override StepResult Run(Batch batch, IStageTable stages)
    {
        Loaded.RunTiles(
            batch.Key.Shape.Width, batch.Key.Shape.Height, [.. batch.Evaluations.Select(evaluation => ((Upscale)stages[evaluation.Row]).Buffers)],
            WidthOf(batch));
        var check = new AnswerCheck();
        foreach (var evaluation in batch.Evaluations)
            if (!AnswerCheck.IsFinite(((Upscale)stages[evaluation.Row]).output))
                check.Fail(evaluation, "The upscaler answered with values that are not finite.");
        return check.Result;
    }

    public override void Take()
    {
        run!.Accept(run.Wanted.First(), output);
        if (between is not null && run.IsDone) between.Picture = run.Result();
    }

    public override long BytesOf(int evaluations) =>
        evaluations * MemoryEstimate.UpscalerBytes(run!.Wanted.First().Input.Width, run.Wanted.First().Input.Height, Loaded.Traits.Scale);

    public override double CallsLeft(double estimated) => run is null ? estimated : run.TileCount - run.TilesDone;

    /// <summary>The upscaled picture, when it is done.</summary>
    public Picture Result() => run!.Result();

    private TileBuffers Buffers => new(input, output);

    private Upscaler Loaded => upscaler.GetAwaiter().GetResult(); // completed: the row waited for it

    private double Factor => order.Scale ?? UpscalePasses.OwnFactor(Loaded.Traits.Scale, size.Width, size.Height);

    private UpscaleTiling Tiling => new(order.Tile ?? Loaded.Description.Tile, order.Overlap ?? Loaded.Description.Overlap);

    private int Tiles
    {
        get
        {
            if (tiles == 0 && upscaler.IsCompletedSuccessfully)
                tiles = UpscaleRun.CountTiles(Loaded.Traits, size.Width, size.Height, Factor, Tiling);
            return tiles;
        }
    }

    private async Task BeginAsync(Background background)
    {
        await upscaler;
        await background(() =>
        {
            run = new UpscaleRun(Loaded.Traits, between is null ? row.Finish() : between.Picture, Factor, Tiling);
            tiles = run.TileCount;
            return Task.CompletedTask;
        });
    }
}
