using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Prompts;
using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Execution.Pictures;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Execution;

/// <summary>Turns a row whose model is there into one that can run: tokens, sampler tables, the row's own noise, starting latents.</summary>
internal sealed class RowPreparation
{
    /// <returns>Why it cannot run, or null.</returns>
    public JobFailure? Prepare(Row row)
    {
        var request = row.Request;
        if (request.Task == GenerationTask.Upscale)
        {
            row.BeginDone(new PictureRun(row.Loading!.GetAwaiter().GetResult(), request.Edit!, default, seesMask: false)); // loaded: Flight asks only then
            return null;
        }
        var model = row.Model.Result();
        row.Job.TimestepPerRow = model.Denoiser.TimestepPerRow;
        row.Job.ModelHash = model.ContentHash;
        if (request.PreviewEvery > 0 && model.Preview is null)
            row.Job.Warn($"preview_every: there is no quick look at the latents of model '{request.Model}', so no previews came");

        if (request.ClipSkip > 0 && request.ClipSkip > (model.Description.Capabilities.MaxClipSkip ?? 0))
            return new JobFailure(JobFailureKind.GraphMismatch, ClipSkipSentence(request, model));
        var texts = RowTexts.Of(request, model);
        var read = texts.ReadAt(0);
        if (read[^1].Dropped is { } cut)
            row.Job.Warn($"prompt cut after {model.Description.TokenLength} tokens: '{cut}' was not read");
        if (texts.HasNegative && read[0].Dropped is { } negativeCut)
            row.Job.Warn($"negative_prompt cut after {model.Description.TokenLength} tokens: '{negativeCut}' was not read");

        if (texts.Lanes > PromptPlan.MostParts && PromptComposition.Count(request.Prompt) is > PromptPlan.MostParts and var parts)
            row.Job.Warn($"prompt has {parts} parts joined by AND; {PromptPlan.MostParts} are read as such, and the last of them takes the rest as its text");

        int skipped = request.Edit is { } edit ? SkippedSteps(request.Steps, edit.Strength) : 0;
        var work = row.Loading?.GetAwaiter().GetResult(); // loaded: Flight asks only then
        var shape = work is null ? model.Description.LatentsOf(request.Width, request.Height) : model.Description.LatentsOf(work.Width, work.Height);
        var run = work is null ? null : new PictureRun(work, request.Edit!, shape, SeesMask(model));
        if (skipped == request.Steps || work is InpaintWork { IsEmpty: true })
        {
            row.BeginDone(run!);
            return null;
        }

        SamplerStart start;
        try
        {
            start = SamplerFactory.Start(Choice(request, model) with { SkippedSteps = skipped });
        }
        catch (NotSupportedException e)
        {
            return new JobFailure(JobFailureKind.GraphMismatch, e.Message);
        }
        if (run is { IsBlended: true } && start.Sampler.Timesteps.Count == 0)
            return new JobFailure(JobFailureKind.GraphMismatch, $"Sampler '{request.Sampler}' chooses its noise levels while it runs; under a mask another one is needed.");
        row.Begin(shape, texts, start, NoiseOf(row, start.Sampler), run);
        return null;
    }

    /// <summary>diffusers' share of the schedule: the first n − min(⌊n · strength⌋, n) steps are left out.</summary>
    internal static int SkippedSteps(int steps, double strength) => Math.Max(steps - Math.Min((int)(steps * strength), steps), 0);

    /// <summary>An inpainting network takes the latents, a mask and the masked picture's latents.</summary>
    private static bool SeesMask(IDiffusionModel model) =>
        model.Description.Capabilities.DenoiserChannels == 2 * model.Description.LatentChannels + 1;

    private static RowNoise NoiseOf(Row row, ISampler sampler)
    {
        ulong seed = (ulong)row.Seed;
        INormalGenerator generator = row.Request.NoiseSource == NoiseSource.TorchCuda ? new PhiloxGenerator(seed) : new TorchCpuGenerator(seed);
        var (min, max) = sampler.BrownianRange;
        // Samplers without noise levels never ask for an increment.
        return new RowNoise(generator, max > 0 ? new BrownianPath(seed, min, max) : null);
    }

    /// <summary>Validation has the folder's word for the number of layers, where it gives one; the graph has the last.</summary>
    private static string ClipSkipSentence(GenerationRequest request, IDiffusionModel model)
    {
        var allowed = model.Description.Capabilities;
        string why = allowed.ClipSkipReason is { } reason ? $": {reason}" : "";
        return $"clip_skip {request.ClipSkip} is more than model '{request.Model}' allows, which is {allowed.MaxClipSkip ?? 0}{why}.";
    }

    private static SamplerChoice Choice(GenerationRequest request, IDiffusionModel model) => new()
    {
        ModelClass = model.Description.SamplerClass,
        ModelConfig = model.Description.SamplerConfig,
        Sampler = request.Sampler,
        Schedule = request.Schedule,
        Steps = request.Steps,
        Eta = request.Eta,
    };
}
