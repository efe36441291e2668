using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The rows of the table that denoise, classify, likelihood and features add, bound to the request.</summary>
internal static class LookFields
{
    public static readonly PictureField Image = new(FieldTable.LookImage);

    public static readonly TextField Prompt = new(FieldTable.DenoisePrompt) { Used = p => p.Request.Prompt };

    public static readonly NumberField Noise = new(FieldTable.RemovedNoise) { Used = p => p.Request.Denoise!.Noise, IsNullable = true };

    public static readonly NumberField Strength = new(FieldTable.RemovedShare) { Used = p => p.Request.Denoise!.Strength };

    public static readonly WholeField DenoiseSteps = new(FieldTable.DenoiseSteps) { Used = p => p.Request.Steps };

    public static readonly CandidatesField Candidates = new(FieldTable.Candidates) { Used = p => p.Request.Classify!.Candidates };

    public static readonly WholeField Trials = new(FieldTable.Trials) { Used = p => p.Request.Steps };

    public static readonly TimestepsField Timesteps = new(FieldTable.Timesteps) { Used = p => p.Request.Classify!.Timesteps!, IsNullable = true };

    public static readonly WholeField LikelihoodSteps = new(FieldTable.LikelihoodSteps) { Used = p => p.Request.Steps };

    public static readonly WholeField Probes = new(FieldTable.Probes) { Used = p => p.Request.Likelihood!.Probes };

    public static readonly WholeField Timestep = new(FieldTable.Timestep) { Used = p => p.Request.Features!.Timestep };

    public static readonly LayersField Layers = new(FieldTable.Layers) { Used = p => p.Request.Features!.Layers };

    public static readonly IReadOnlyList<Field> All =
        [Image, Prompt, Noise, Strength, DenoiseSteps, Candidates, Trials, Timesteps, LikelihoodSteps, Probes, Timestep, Layers];
}
