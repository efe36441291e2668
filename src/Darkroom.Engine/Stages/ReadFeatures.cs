using Darkroom.Diffusion.Measuring;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Families;
using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Engine.Stages;

/// <summary>
/// Shows the denoiser a picture with the noise of one timestep, once, and keeps what the layers asked for give (Tang et al. 2023, "Emergent Correspondence
/// from Image Diffusion").
/// </summary>
internal sealed class ReadFeatures(RowMemory row) : DenoiserStage(row)
{
    private readonly RowMemory row = row; // a batch runs rows of others too
    private readonly Lane[] lanes = [.. Enumerable.Range(0, row.Texts!.Lanes).Select(_ => new Lane(row.Shape.Length))];
    private readonly FloatTensor?[] found = new FloatTensor?[row.Request.Features!.Layers.Count];
    private readonly float[] noised = new float[row.Shape.Length];
    private double timestep;
    private bool isDone;

    public override bool IsDone => isDone;

    /// <summary>What it takes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="latents">Of the picture.</param>
    /// <param name="megapixels">Of it.</param>
    public static StageWork WorkOf(GenerationRequest request, LatentShape latents, double megapixels) =>
        new(new CostKey(request.Model, Network, latents), 1, 1, megapixels);

    public override JobFailure? Start()
    {
        var (request, model) = (row.Request, row.Model.Description);
        var levels = TrainingLevels.Of(model.SamplerClass, model.SamplerConfig);
        if (request.Features!.Timestep >= levels.Count)
            return new(JobFailureKind.GraphMismatch, $"Model '{request.Model}' was trained at timesteps 0…{levels.Count - 1}.");
        row.Texts!.Assign(lanes, 0);
        row.Inputs!.Encoded[0]!.Likeliest(row.Latents);
        SeededNoise.Restore(NoiseOfRow.SeedOf(request, row.Index)).Normal(noised);
        var level = levels[request.Features.Timestep];
        level.Noised(noised, row.Latents, noised);
        timestep = level.Timestep;
        return null;
    }

    public override void Want(List<Evaluation> wanted) => wanted.Add(new Evaluation(row.Number, 0, KeyOf(lanes[0].Conditioning!, timestep)));

    public override void Take()
    {
        row.Features = [.. found.OfType<FloatTensor>()];
        row.StepsDone = row.Request.Steps;
        isDone = true;
    }

    protected override DenoiserRow InputOf(int lane) => new(noised, 1, timestep, lanes[0].Conditioning!, lanes[0].Output) { Observer = Observe };

    protected override float[] OutputOf(int lane) => lanes[0].Output;

    protected override string Place => $"timestep {row.Request.Features!.Timestep}";

    protected override long Tokens => TokensOf(lanes[0].Conditioning);

    private void Observe(int index, ReadOnlySpan<int> sides, ReadOnlySpan<float> values) =>
        found[index] = new(row.Request.Features!.Layers[index], sides.ToArray(), values.ToArray());
}
