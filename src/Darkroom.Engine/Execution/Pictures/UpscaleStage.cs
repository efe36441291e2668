using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Imaging;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Execution.Pictures;

/// <summary>A row's way through an upscaler: a tile for each round, so that it never holds up rows that denoise, and tiles of strangers share a call.</summary>
/// <param name="order">What was asked.</param>
/// <param name="upscaler">The network, loading or loaded.</param>
/// <param name="width">Of the picture that will come, in pixels.</param>
/// <param name="height">Of the picture that will come, in pixels.</param>
internal sealed class UpscaleStage(UpscaleOrder order, Task<Upscaler> upscaler, int width, int height)
{
    private UpscaleRun? run;
    private float[] input = [], output = [];
    private int tiles;

    /// <summary>The network, once it is loaded.</summary>
    public Task<Upscaler> Upscaler { get; } = upscaler;

    /// <summary>Tiles answered and wanted; none before the network is loaded.</summary>
    public JobProgress Progress => new(run?.TilesDone ?? 0, Tiles);

    /// <summary>Whether it is known how many tiles there are: the network is loaded.</summary>
    public bool KnowsTiles => Tiles > 0;

    /// <summary>Content hash of the network, which is loaded.</summary>
    public string ContentHash => Loaded.ContentHash;

    public bool IsDone => run is { IsDone: true };

    /// <summary>Tiles that are still to be called; null before it has begun.</summary>
    public int? TilesLeft => run is null ? null : run.TileCount - run.TilesDone;

    /// <summary>The tile that is wanted now, and where its answer goes.</summary>
    public TileCall Call => new(input, output);

    public Picture Result() => run!.Result();

    /// <summary>Takes the picture; the upscaler is loaded.</summary>
    public void Begin(Picture picture)
    {
        run = new UpscaleRun(Loaded.Traits, picture, Factor, Tiling);
        tiles = run.TileCount;
    }

    public bool HasBegun => run is not null;

    /// <summary>Reads the next tile, and says what it may be batched with.</summary>
    public BatchKey NextTile()
    {
        var tile = run!.Wanted.First();
        if (input.Length != run.InputLength(tile)) input = new float[run.InputLength(tile)];
        if (output.Length != run.OutputLength(tile)) output = new float[run.OutputLength(tile)];
        run.Read(tile, input);
        return new(order.Model, NetworkStage.Upscale, new LatentShape(run.Planes, tile.Input.Height, tile.Input.Width), "", null);
    }

    /// <exception cref="Models.Sessions.GraphException">The answer is not finite.</exception>
    public void Accept() => run!.Accept(run.Wanted.First(), output);

    private Upscaler Loaded => Upscaler.GetAwaiter().GetResult(); // completed: the row waits for that

    private double Factor => order.Scale ?? UpscalePasses.OwnFactor(Loaded.Traits.Scale, width, height);

    private UpscaleTiling Tiling => new(order.Tile ?? Loaded.Description.Tile, order.Overlap ?? Loaded.Description.Overlap);

    private int Tiles => tiles > 0 || !Upscaler.IsCompletedSuccessfully ? tiles : tiles = UpscaleRun.CountTiles(Loaded.Traits, width, height, Factor, Tiling);
}
