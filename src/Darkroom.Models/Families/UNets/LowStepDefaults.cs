using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Fields;

namespace Darkroom.Models.Families.UNets;

/// <summary>
/// What a model that needs few steps gets where its card says nothing: by what its file's metadata says, its scheduler's configuration, or its name.
/// </summary>
internal static class LowStepDefaults
{
    private const string Trailing = "trailing";

    /// <summary>Steps where the scheduler alone tells the method: each of them works with so many.</summary>
    private const long Steps = 4;

    /// <param name="place">The model.</param>
    /// <param name="sampler">Its scheduler's configuration; null where it could not be read.</param>
    /// <param name="embedsGuidance">Whether the scale is an input of the denoiser: such a model's family has defaults of its own.</param>
    public static ModelDefaults Of(ModelPlace place, SamplerFile? sampler, bool embedsGuidance) => embedsGuidance ? new()
        : LowStepMethods.OfMetadata(place.Metadata) ?? OfSampler(place, sampler) ?? LowStepMethods.OfText(NameOf(place)) ?? new();

    private static string NameOf(ModelPlace place) => place.IsFile ? Path.GetFileNameWithoutExtension(place.Path) : Path.GetFileName(place.Path);

    /// <summary>
    /// The class of a method's own scheduler; or Euler with trailing timesteps, as Turbo and Lightning are published. Trailing timesteps of a schedule that
    /// ends in noise alone are for another reason (Lin et al. 2023).
    /// </summary>
    private static ModelDefaults? OfSampler(ModelPlace place, SamplerFile? sampler)
    {
        if (sampler is null || place.IsFile) return null; // a file's configurations are those that ship for its family
        return sampler.ClassName switch
        {
            "LCMScheduler" => Unguided(),
            "TCDScheduler" => new ModelDefaults(new Dictionary<FieldInfo, object> { [FieldTable.Eta] = 0.3 }).Or(Unguided()),
            "EulerDiscreteScheduler" or "EulerAncestralDiscreteScheduler"
                when sampler.Config is { TimestepSpacing: Trailing, PredictionType: null or "epsilon", RescaleBetasZeroSnr: not true } => Unguided(),
            _ => null,
        };
    }

    /// <summary>The sampler and its timesteps are what the configuration says.</summary>
    private static ModelDefaults Unguided() =>
        new(new Dictionary<FieldInfo, object> { [FieldTable.Steps] = Steps, [FieldTable.GuidanceScale] = 1.0 });
}
