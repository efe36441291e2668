using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Samplers;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What the native API calls a model's own sampler.</summary>
internal static class SamplerNames
{
    /// <summary>The sampler of a request, by name; null: the class in the model's configuration as it stands.</summary>
    public static string? Of(FieldValues values, ModelDescription model) =>
        values.Resolve(GenerationFields.Sampler, model) is var name and not FieldTable.OwnSampler ? name : Of(model);

    /// <summary>
    /// The sampler whose class is the one in its configuration and whose options change nothing there. Null where
    /// none agrees: the configuration runs as it stands, under no name.
    /// </summary>
    public static string? Of(ModelDescription model)
    {
        var own = WithClassDefaults(model.SamplerConfig);
        return SamplerCatalog.All.FirstOrDefault(sampler => sampler.DiffusersClass + "Scheduler" == model.SamplerClass && sampler.Options(own) == own)?.Name;
    }

    // The values that diffusers' classes take where the file is silent, for the options that tell two samplers of one class apart.
    private static SamplerConfig WithClassDefaults(SamplerConfig config) => config with
    {
        AlgorithmType = config.AlgorithmType ?? "dpmsolver++",
        SolverOrder = config.SolverOrder ?? 2,
        SkipPrkSteps = config.SkipPrkSteps ?? false,
    };
}
