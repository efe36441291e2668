using Darkroom.Diffusion.Prompts;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Models.Catalog;

namespace Darkroom.Engine.Stages;

/// <summary>Turns a row whose model and pictures are there into one that can run: tokens, sampler tables, the row's own noise, memory for latents.</summary>
internal sealed class Prepare(RowMemory row) : Stage
{
    public override JobFailure? Start()
    {
        var (request, description) = (row.Request, row.Model.Description);
        if (request.PreviewEvery > 0 && row.Model.Preview is null)
            row.Warn($"preview_every: there is no quick look at the latents of model '{request.Model}', so no previews came");
        if (request.ClipSkip > 0 && request.ClipSkip > (description.Capabilities.MaxClipSkip ?? 0))
            return new JobFailure(JobFailureKind.GraphMismatch, ClipSkipSentence());

        var (width, height) = row.Work is { } work ? (work.Width, work.Height) : (request.Width, request.Height);
        row.Texts = row.Shared.Of(row, width, height);
        WarnOfTexts(row.Texts);
        if (request.SecondPass() is { } second)
        {
            row.SecondTexts = row.Shared.OfSecond(row, second);
            if (second.Prompt != request.Prompt || second.NegativePrompt != request.NegativePrompt) WarnOfTexts(row.SecondTexts, "hires.");
        }
        row.Shape = description.LatentsOf(width, height);
        if (row.Work is not null) row.Edit = PictureRun.Of(row, description);
        if (row.Work?.WarningFor(row.Shape) is { } warning) row.Warn(warning);
        if (request.StepsRun == 0 || row.Work is InpaintWork { IsEmpty: true })
        {
            row.IsFinished = true;
            row.StepsDone = request.Steps;
            return null;
        }
        return PrepareSampler(width, height);
    }

    private JobFailure? PrepareSampler(int width, int height)
    {
        if (StartOf(row, width, height, out var start) is { } failure) return failure;
        if (row.Edit is { BlendsAfterCalls: true } && start.Sampler.Timesteps.Count == 0)
            return new JobFailure(
                JobFailureKind.GraphMismatch, $"Sampler '{row.Request.Sampler}' chooses its noise levels while it runs; under a mask another one is needed.");
        row.Start = start;
        row.Noise = NoiseOfRow.Make(row.Request, row.Index, row.Model.Description, start.Sampler);
        row.Latents = new float[row.Shape.Length];
        return null;
    }

    /// <summary>The sampler of the row's pass, and where its run begins.</summary>
    /// <returns>Why there is none; null where there is.</returns>
    internal static JobFailure? StartOf(RowMemory row, int width, int height, out SamplerStart start)
    {
        try
        {
            start = SamplerFactory.Start(ChoiceOf(row.Pass, row.Model.Description, width, height));
            return null;
        }
        catch (NotSupportedException e)
        {
            start = default;
            return new JobFailure(JobFailureKind.GraphMismatch, e.Message);
        }
    }

    private void WarnOfTexts(RowTexts texts, string owner = "")
    {
        var read = texts.ReadAt(0);
        int tokens = row.Model.Description.FixedTextTokens ?? row.Model.Description.TokenLength;
        if (read[^1].Dropped is { } cut)
            row.Warn($"{owner}prompt cut after {read[^1].DroppedAfter ?? tokens} tokens: '{cut}' was not read");
        if (texts.HasNegative && read[0].Dropped is { } negativeCut)
            row.Warn($"{owner}negative_prompt cut after {read[0].DroppedAfter ?? tokens} tokens: '{negativeCut}' was not read");
        if (texts.Lanes > PromptPlan.MaxParts && PromptComposition.Count(row.Request.Prompt) is > PromptPlan.MaxParts and var parts)
            row.Warn($"prompt has {parts} parts joined by AND; {PromptPlan.MaxParts} are read as such, and the last of them takes the rest as its text");
    }

    /// <summary>Validation has the folder's word for the number of layers, where it gives one; the graph has the last.</summary>
    private string ClipSkipSentence()
    {
        var allowed = row.Model.Description.Capabilities;
        string why = allowed.ClipSkipReason is { } reason ? $": {reason}" : "";
        return $"clip_skip {row.Request.ClipSkip} is more than model '{row.Request.Model}' allows, which is {allowed.MaxClipSkip ?? 0}{why}.";
    }

    /// <summary>What a request and its model say about sampling.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">Its model.</param>
    /// <param name="width">Pixels that are denoised.</param>
    /// <param name="height">Pixels that are denoised.</param>
    public static SamplerChoice ChoiceOf(GenerationRequest request, ModelDescription model, int width, int height) => new()
    {
        ModelClass = model.SamplerClass,
        ModelConfig = model.SamplerConfig,
        Sampler = request.Sampler,
        Schedule = request.Schedule,
        Steps = Math.Max(1, request.Run.ScheduleSteps),
        SkippedSteps = request.Run.First,
        TeacherShare = request.Edit is { Rule: StrengthRule.PicksTimesteps, Strength: > 0 } edit ? edit.Strength
            : request.Continues is { Rule: StrengthRule.PicksTimesteps, Counting: Compatibility.Diffusers, Strength: > 0 } second ? second.Strength
            : null,
        Shift = request.Shift,
        SpreadsLevelsEvenly = model.SpreadsLevelsEvenly,
        ImageTokens = ImageTokensOf(width, height, model),
        Eta = request.Eta,
        SChurn = request.SChurn,
        STmin = request.STmin,
        STmax = request.STmax,
        SNoise = request.SNoise,
        Convention = request.Compatibility.Convention(),
        IsPicture = request.Edit is { Extension: null } or { Strength: < 1 },
        AlignYourSteps = model.AlignYourSteps,
    };

    /// <summary>A patch of a transformer has two cells a side.</summary>
    private static int ImageTokensOf(int width, int height, ModelDescription model) => width / model.LatentFactor / 2 * (height / model.LatentFactor / 2);
}
