using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Execution;

/// <summary>The calls that one picture of a job needs, as far as its request tells: what the job's length is reckoned from. An estimate, good enough to order jobs by.</summary>
internal sealed record JobWork
{
    private static readonly string[] TwoCallsAStep = ["heun", "dpm_2", "dpm_2_ancestral", "dpmpp_2s_ancestral", "dpmpp_sde", "restart"];

    /// <summary>The denoiser's call; for an upscale task the upscaler's.</summary>
    public required CostKey Main { get; init; }

    /// <summary>Evaluations in each of them.</summary>
    public int Lanes { get; init; } = 1;

    /// <summary>How many of them.</summary>
    public int Calls { get; init; }

    /// <summary>Pictures encoded before, times passes.</summary>
    public int Encodes { get; init; }

    public int Decodes { get; init; }

    public CostKey Encode { get; init; }

    public CostKey Decode { get; init; }

    public CostKey? Upscale { get; init; }

    public int Tiles { get; init; }

    /// <summary>Megapixels of a call's picture.</summary>
    public double Megapixels { get; init; }

    public static JobWork Of(GenerationRequest request, IModelDirectory models, IUpscalerDirectory upscalers)
    {
        var upscale = request.Upscale is { } order ? Tiling(order, request, upscalers) : ((CostKey Call, int Tiles)?)null;
        if (request.Task == GenerationTask.Upscale)
            return new JobWork { Main = upscale!.Value.Call, Calls = upscale.Value.Tiles, Megapixels = Area(upscale.Value.Call) };

        var model = models.Find(request.Model);
        int max = model?.MaxSize ?? int.MaxValue, width = Math.Min(request.Width, max), height = Math.Min(request.Height, max);
        var latents = model?.LatentsOf(width, height) ?? default;
        int passes = (int)Math.Ceiling((double)request.Width / width * request.Height / height); // an outpainting's windows overlap; the order of size will do
        int skipped = request.Edit is { } edit ? RowPreparation.SkippedSteps(request.Steps, edit.Strength) : 0;
        int callsAStep = TwoCallsAStep.Contains(request.Sampler) ? 2 : 1;
        return new JobWork
        {
            Main = new(request.Model, NetworkStage.Denoise, latents),
            Lanes = request.IsGuided ? 2 : 1,
            Calls = passes * callsAStep * (request.Steps - skipped),
            Encodes = request.Edit is null ? 0 : passes,
            Encode = new(request.Model, NetworkStage.EncodePicture, new(3, height, width)),
            Decodes = passes,
            Decode = new(request.Model, NetworkStage.Decode, latents),
            Upscale = upscale?.Call,
            Tiles = upscale?.Tiles ?? 0,
            Megapixels = width * (double)height / 1e6,
        };
    }

    /// <summary>Seconds of a whole device that one picture takes when it is alone.</summary>
    public double SecondsOf(ICallCosts costs) => SecondsOf(costs, Calls, Encodes, Decodes, Tiles);

    /// <summary>Seconds of a device that one picture takes where every call of it is shared as well as it can be.</summary>
    public double MinSecondsOf(ICallCosts costs, SchedulingPolicy policy, int threads)
    {
        double seconds = Calls * BatchChoice.MinSeconds(costs, policy, Main, Lanes, threads);
        if (Encodes > 0) seconds += Encodes * BatchChoice.MinSeconds(costs, policy, Encode, 1, threads);
        if (Decodes > 0) seconds += Decodes * BatchChoice.MinSeconds(costs, policy, Decode, 1, threads);
        if (Tiles > 0 && Upscale is { } upscale) seconds += Tiles * BatchChoice.MinSeconds(costs, policy, upscale, 1, threads);
        return seconds;
    }

    /// <summary>Seconds that a row of it still needs.</summary>
    public double SecondsLeft(Row row, ICallCosts costs)
    {
        double left = 1 - (double)row.StepsDone / row.Request.Steps;
        return row.Stage switch
        {
            Stage.Decode => SecondsOf(costs, 0, 0, 1, Tiles),
            Stage.Deliver => 0,
            _ when row.Request.Task == GenerationTask.Upscale => SecondsOf(costs, row.Upscale?.TilesLeft ?? Calls, 0, 0, 0), // the upscaler is its main network
            Stage.Upscale => SecondsOf(costs, 0, 0, 0, row.Upscale?.TilesLeft ?? Tiles),
            _ => SecondsOf(costs, left * Calls, left * Encodes, left * Decodes, Tiles),
        };
    }

    /// <summary>Megapixel-steps of one picture: what a caller's share is counted in.</summary>
    public double MegapixelSteps => Megapixels * Calls * (Main.Stage == NetworkStage.Denoise ? Lanes / 2.0 : 1);

    private double SecondsOf(ICallCosts costs, double calls, double encodes, double decodes, double tiles)
    {
        double seconds = calls * costs.SecondsOf(Main, Lanes, CallWidth.Wide);
        if (encodes > 0) seconds += encodes * costs.SecondsOf(Encode, 1, CallWidth.Wide);
        if (decodes > 0) seconds += decodes * costs.SecondsOf(Decode, 1, CallWidth.Wide);
        if (tiles > 0 && Upscale is { } upscale) seconds += tiles * costs.SecondsOf(upscale, 1, CallWidth.Wide);
        return seconds;
    }

    /// <summary>Tiles of all passes, where the upscaler's file tells them; else those of one.</summary>
    private static (CostKey Call, int Tiles) Tiling(UpscaleOrder order, GenerationRequest request, IUpscalerDirectory upscalers)
    {
        var upscaler = upscalers.Find(order.Model);
        int tile = order.Tile ?? upscaler?.Tile ?? 256;
        var (width, height) = request.Finished;
        int tiles = upscaler?.CountTiles(width, height, order.Scale, new UpscaleTiling(tile, order.Overlap ?? upscaler.Overlap))
            ?? (width + tile - 1) / tile * ((height + tile - 1) / tile);
        return (new CostKey(order.Model, NetworkStage.Upscale, new(3, Math.Min(tile, height), Math.Min(tile, width))), tiles);
    }

    private static double Area(in CostKey call) => call.Shape.Width * (double)call.Shape.Height / 1e6;
}
