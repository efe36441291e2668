using System.Globalization;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Artifacts;

/// <summary>What a picture's parameters say of seeds and samplers beyond the plainest, with AUTOMATIC1111's names.</summary>
internal static class NoiseText
{
    /// <summary>The schedule that is named; null: none. AUTOMATIC1111 names the one that its "Automatic" stood for, unless that is the plainest.</summary>
    public static string? ScheduleOf(GenerationRequest request)
    {
        if (request.Schedule is { } named && named != ScheduleCatalog.Default) return named;
        return request is { Compatibility: Compatibility.A1111, Sampler: { } name } && SamplerCatalog.Find(name) is { KDiffusion: not null } sampler
            && sampler.AutomaticSchedule is ("karras" or "exponential")
                ? sampler.AutomaticSchedule : null;
    }

    /// <summary>The variation seed of a picture, and the size that its noise was kept from.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Seeds(GenerationRequest request, int index)
    {
        if (request.VariationSeedOf(index) is { } variation)
        {
            yield return new("Variation seed", Text(variation));
            yield return new("Variation seed strength", Text(request.VariationStrength));
        }
        if (request.SeedResize is { } size) yield return new("Seed resize from", $"{Text(size.X)}x{Text(size.Y)}");
    }

    /// <summary>What the sampler was told, and whose pictures were reproduced.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Sampling(GenerationRequest request)
    {
        if (request.Eta is { } eta)
            yield return new(request is { Compatibility: Compatibility.A1111, Sampler: "ddim" } ? "Eta DDIM" : "Eta", Text(eta));
        if (request.SChurn is { } churn) yield return new("Sigma churn", Text(churn));
        if (request.STmin is { } min) yield return new("Sigma tmin", Text(min));
        if (request.STmax is { } max) yield return new("Sigma tmax", Text(max));
        if (request.SNoise is { } noise) yield return new("Sigma noise", Text(noise));
        if (request.Compatibility != Compatibility.Diffusers)
            yield return new("Compatibility", request.Compatibility == Compatibility.A1111 ? "a1111" : "comfyui");
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
