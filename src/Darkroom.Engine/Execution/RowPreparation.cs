using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Execution;

/// <summary>Turns a row whose model is there into one that can run: tokens, sampler tables, the row's own noise, starting latents.</summary>
internal sealed class RowPreparation
{
    /// <returns>Why it cannot run, or null.</returns>
    public JobFailure? Prepare(Row row)
    {
        var model = row.Model.Result();
        var request = row.Request;
        row.Job.TimestepPerRow = model.TimestepPerRow;
        row.Job.ModelHash = model.ContentHash;

        if (request.ClipSkip > 0 && request.ClipSkip > (model.Description.Capabilities.MaxClipSkip ?? 0))
            return new JobFailure(JobFailureKind.GraphMismatch, ClipSkipSentence(request, model));
        var texts = Tokenize(request, model);
        if (texts[^1].Dropped is { } cut)
            row.Job.Warn($"prompt cut after {model.Description.TokenLength} tokens: '{cut}' was not read");
        if (texts.Length > 1 && texts[0].Dropped is { } negativeCut)
            row.Job.Warn($"negative_prompt cut after {model.Description.TokenLength} tokens: '{negativeCut}' was not read");

        ISampler sampler;
        try
        {
            sampler = SamplerFactory.Create(Choice(request, model));
        }
        catch (NotSupportedException e)
        {
            return new JobFailure(JobFailureKind.GraphMismatch, e.Message);
        }
        var shape = model.Description.LatentsOf(request.Width, request.Height);
        row.Begin(shape, texts, sampler, NoiseOf(row, sampler));
        return null;
    }

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

    /// <summary>The texts of the request's lanes as tokens, the positive one last.</summary>
    internal static TokenizedText[] Tokenize(GenerationRequest request, IDiffusionModel model)
    {
        var lanes = RowProgram.Compile(request).Stages.OfType<Stage.EncodeText>().Single().Lanes;
        // diffusers leaves layers out for the prompt alone, others for the negative prompt too.
        bool both = request.Compatibility != Compatibility.Diffusers;
        return [.. lanes.Select((text, lane) => model.Tokenize(text) with { ClipSkip = both || lane == lanes.Count - 1 ? request.ClipSkip : 0 })];
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
