using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Models.Catalog;
using Darkroom.Models.Graphs;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Programs;

/// <summary>
/// The calls that one picture of a job needs, as far as its request tells: what the job's length is estimated from, good enough to order jobs by. Texts are
/// left out: they are short, and mostly kept.
/// </summary>
/// <param name="Stages">In the order of the program, the windows' stages together.</param>
/// <param name="Main">The denoiser's, of the first pass; for an upscale task the upscaler's.</param>
internal sealed record JobWork(IReadOnlyList<StageWork> Stages, StageWork Main)
{
    /// <summary>What one picture counts in its caller's share, all of it.</summary>
    public double MegapixelSteps { get; } = Stages.Where(stage => stage.Key.Kind.Equals(Main.Key.Kind)).DefaultIfEmpty(Main)
        .Sum(stage => stage.MegapixelSteps * stage.Lanes * stage.Calls * stage.Passes);

    /// <param name="request">The request.</param>
    /// <param name="models">What is known of models.</param>
    /// <param name="upscalers">What is known of upscalers.</param>
    /// <param name="autoencoders">What its autoencoder makes of its model, and when it takes pictures in tiles; null: neither.</param>
    public static JobWork Of(GenerationRequest request, IModelDirectory models, IUpscalerDirectory upscalers, AutoencoderChoice? autoencoders = null)
    {
        var upscale = request.Upscale is { } order ? Upscale.WorkOf(request, upscalers.Find(order.Model)) : null;
        if (request.Task == GenerationTask.Upscale) return new JobWork([upscale!], upscale!);

        var model = models.Find(request.Model);
        int max = model?.MaxSize ?? int.MaxValue, width = Math.Min(request.Width, max), height = Math.Min(request.Height, max);
        double megapixels = JobCost.Megapixels(width, height);
        var latents = model?.LatentsOf(width, height) ?? default;
        int passes = (int)Math.Ceiling((double)request.Width / width * request.Height / height); // an outpainting's windows overlap; the order of size will do
        var tiles = model is null || autoencoders is null ? null
            : AutoencoderTiles.Of(autoencoders.Of(request, model), width, height, autoencoders.Options, request.Tiling != WrapAxes.None);
        var stages = new List<StageWork>();
        if (request.Edit is not null)
            stages.Add(EncodePicture.WorkOf(request, width, height, tiles, model?.LatentFactor ?? 1) with { Passes = passes });
        if (request.Measures)
        {
            var measure = request.Features is not null
                ? ReadFeatures.WorkOf(request, latents, megapixels)
                : MeasurePicture.WorkOf(request, latents, megapixels);
            return new JobWork([.. stages, measure], measure);
        }
        var denoise = Denoise.WorkOf(request, latents, CallsPerStep(request, model), megapixels) with { Passes = passes };
        stages.Add(denoise);
        if (request.SecondPass() is { } second)
        {
            if (BetweenPasses.UpscaleOf(request) is { } between)
            {
                stages.Add(Decode.WorkOf(request, latents, megapixels, tiles));
                stages.Add(Upscale.WorkBetween(request, upscalers.Find(between.Model)));
            }
            stages.AddRange(Second(second, model, autoencoders));
            if (upscale is not null) stages.Add(upscale with { Pass = 1 });
            return new JobWork(stages, denoise);
        }
        stages.Add(Decode.WorkOf(request, latents, megapixels, tiles) with { Passes = passes });
        if (upscale is not null) stages.Add(upscale);
        return new JobWork(stages, denoise);
    }

    /// <summary>From what was enlarged to the picture of a second pass.</summary>
    private static List<StageWork> Second(GenerationRequest second, ModelDescription? model, AutoencoderChoice? autoencoders)
    {
        int width = second.Width, height = second.Height;
        double megapixels = JobCost.Megapixels(width, height);
        var latents = model?.LatentsOf(width, height) ?? default;
        var tiles = model is null || autoencoders is null ? null
            : AutoencoderTiles.Of(autoencoders.Of(second, model), width, height, autoencoders.Options, second.Tiling != WrapAxes.None);
        var stages = new List<StageWork>();
        if (second.Continues is { IsLatent: false }) stages.Add(EncodePicture.WorkOf(second, width, height, tiles, model?.LatentFactor ?? 1));
        if (second.StepsRun > 0) stages.Add(Denoise.WorkOf(second, latents, CallsPerStep(second, model), megapixels) with { Pass = 1 });
        stages.Add(Decode.WorkOf(second, latents, megapixels, tiles) with { Pass = 1 });
        return stages;
    }

    /// <summary>For a request that cannot be counted: one call that costs nothing.</summary>
    public static JobWork Unknown(GenerationRequest request) => new([], new StageWork(new CostKey(request.Model, Denoise.Network, default), 1, 1, 0));

    /// <summary>Seconds of a whole device that one picture takes when it is alone.</summary>
    public double SecondsOf(ICallCosts costs)
    {
        double seconds = 0;
        for (int i = 0; i < Stages.Count; i++) seconds += Stages[i].Calls * Stages[i].Passes * SecondsOf(i, costs);
        return seconds;
    }

    /// <summary>Seconds of a device that one picture takes where every call of it is shared as well as it can be.</summary>
    public double MinSecondsOf(ICallCosts costs, SchedulingPolicy policy, int threads)
    {
        double seconds = 0;
        foreach (var stage in Stages)
            seconds += stage.Calls * stage.Passes * BatchChoice.MinSeconds(costs, policy, stage.Key, stage.Lanes, threads);
        return seconds;
    }

    /// <summary>Seconds that a row of it still needs.</summary>
    /// <param name="costs">Of its device.</param>
    /// <param name="position">The last of <see cref="Stages"/> that the row has begun; −1: none.</param>
    /// <param name="stage">Where the row is.</param>
    /// <param name="passesLeft">Windows that come after this one.</param>
    public double SecondsLeft(ICallCosts costs, int position, Stage stage, int passesLeft)
    {
        double seconds = 0;
        for (int i = 0; i < Stages.Count; i++)
        {
            var work = Stages[i];
            double calls = i > position ? work.Calls : i == position && work.Key.Kind.Equals(stage.Kind) ? stage.CallsLeft(work.Calls) : 0;
            if (position < 0) calls *= work.Passes;
            else if (work.Passes > 1) calls += work.Calls * passesLeft;
            if (calls > 0) seconds += calls * SecondsOf(i, costs);
        }
        return seconds;
    }

    /// <summary>Where a kind stands in <see cref="Stages"/>; −1 where it is not counted.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="pass">Which pass asks for it.</param>
    public int IndexOf(NetworkKind? kind, int pass)
    {
        for (int i = 0; i < Stages.Count; i++)
            if (Stages[i].Pass == pass && Stages[i].Key.Kind.Equals(kind)) return i;
        return -1;
    }

    /// <summary>What one evaluation of a kind counts in the caller's share.</summary>
    public double ShareOf(NetworkKind kind, int pass) => IndexOf(kind, pass) is >= 0 and var index ? Stages[index].MegapixelSteps : 0;

    /// <summary>Calls of the denoiser that a step of the request's sampler takes.</summary>
    public static int CallsPerStep(GenerationRequest request, ModelDescription? model) => request.Measures ? 1 :
        (request.Sampler is { } name ? SamplerCatalog.Find(name) : model is null ? null : SamplerCatalog.OfClass(model.SamplerClass))?.CallsPerStep ?? 1;

    private double SecondsOf(int stage, ICallCosts costs) => costs.SecondsAlone(Stages[stage].Key, Stages[stage].Lanes);
}
