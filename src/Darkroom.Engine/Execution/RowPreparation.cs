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

        var texts = Texts(request).Select(model.Tokenize).ToArray();
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

    private static IReadOnlyList<string> Texts(GenerationRequest request) =>
        RowProgram.Compile(request).Stages.OfType<Stage.EncodeText>().Single().Lanes;

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
