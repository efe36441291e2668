using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What must agree between sampler, schedule and eta.</summary>
internal static class SamplingRules
{
    /// <summary>The schedule that applies; a combination without meaning is a fault that lists the ones that have one.</summary>
    public static string? Schedule(FieldValues values, ModelDescription model, string? sampler, FaultList faults)
    {
        var info = Info(model, sampler);
        if (!values.TryGet(GenerationFields.Schedule, out var schedule))
        {
            // The model's own default stands for its own sampler; another one keeps its own rule where the two do not fit.
            GenerationFields.Schedule.TryDefault(model, out var own);
            return own is not null && info is not null && SchedulesOf(info, values, model).Contains(own) ? Named(own) : null;
        }

        if (info is null || SchedulesOf(info, values, model).Contains(schedule)) return Named(schedule);
        faults.Add(
            GenerationFields.Schedule,
            $"Schedule '{schedule}' has no meaning with sampler '{info.Name}'.",
            values.JsonOf(GenerationFields.Schedule),
            $"with {info.Name}, one of: {string.Join(", ", SchedulesOf(info, values, model))}");
        return null;
    }

    /// <summary>
    /// The steps that apply. A sampler whose model was distilled from fewer cannot run more; a default of the model for another sampler gives way.
    /// </summary>
    public static int Steps(
        FieldValues values, ModelDescription model, string? sampler, PictureEdit? change, FaultList faults, List<string> warnings)
    {
        var steps = (int)values.Resolve(GenerationFields.Steps, model);
        // The programs' rules for distilled models place any number of steps among their teacher's.
        if (ConventionOf(values, model) is not null) return steps;
        var share = change is { Rule: StrengthRule.PicksTimesteps } ? change.Strength : 1;
        if (Info(model, sampler) is not { } info || info.MaxSteps(model.SamplerConfig, share) is not { } max || steps <= max) return steps;
        if (max == 0)
            faults.Add(EditFields.Strength, $"Strength {share} leaves none of the steps that model '{model.Id}' was distilled from.",
                values.JsonOf(EditFields.Strength), $"0, or at least {1.0 / info.MaxSteps(model.SamplerConfig)}");
        else if (values.IsGiven(GenerationFields.Steps))
            faults.Add(GenerationFields.Steps, $"Sampler '{info.Name}' has {max} steps at most for model '{model.Id}'.", values.JsonOf(GenerationFields.Steps),
                $"{info.MinSteps}…{max}");
        else warnings.Add($"{max} steps are run, not the {steps} of the model: sampler '{info.Name}' has no more");
        return max;
    }

    /// <summary>
    /// What a picture task changes. A latent consistency model's own samplers run all steps: strength is the share of its teacher's schedule that they are
    /// picked from, as in diffusers' pipeline of that family.
    /// </summary>
    public static PictureEdit? Change(PictureEdit? change, ModelDescription model, string? sampler) =>
        change is null || (model.Strength == StrengthRule.PicksTimesteps && (change.Strength == 0 || Info(model, sampler) is not { IsDistilled: true }))
            ? change
            : change with { Rule = model.Strength };

    /// <summary>Adds a fault where a sampler has no rule for models of the kind.</summary>
    public static void CheckFlow(FieldValues values, ModelDescription model, string? sampler, FaultList faults)
    {
        if (values.IsGiven(GenerationFields.Sampler) && SamplerCatalog.IsFlowClass(model.SamplerClass) && Info(model, sampler) is { TakesFlow: false } info)
            faults.Add(GenerationFields.Sampler, $"Sampler '{info.Name}' has no meaning with model '{model.Id}', which was trained by flow matching.",
                values.JsonOf(GenerationFields.Sampler),
                $"one of: {string.Join(", ", SamplerCatalog.All.Where(one => one.TakesFlow).Select(one => one.Name))}");
    }

    /// <summary>The share of fresh noise that applies; null where the rule takes none.</summary>
    public static double? Eta(FieldValues values, ModelDescription model, string? sampler, List<string> warnings)
    {
        var info = Info(model, sampler);
        var given = values.TryGet(GenerationFields.Eta, out var eta);
        if (!given) GenerationFields.Eta.TryDefault(model, out eta);
        if (info is null) return eta;
        var own = ConventionOf(values, model) is { } convention ? info.DefaultEtaIn(convention) : info.DefaultEta;
        if (own is null)
        {
            if (given) warnings.Add($"eta was left out: sampler '{info.Name}' has no such parameter");
            return null;
        }
        return eta ?? own;
    }

    /// <summary>A sampler that chooses its noise levels while it runs cannot keep what stands outside of a mask at the level of the next call.</summary>
    public static void UnderMask(GenerationTask task, FieldValues values, ModelDescription model, string? sampler, FaultList faults)
    {
        if (task == GenerationTask.Inpaint && ConventionOf(values, model) is not null) return; // what stands is kept within each call
        bool blends = task is GenerationTask.Inpaint or GenerationTask.Outpaint && model.Capabilities.DenoiserChannels == model.LatentChannels;
        if (blends && Info(model, sampler) is { CanBlend: false } info)
            faults.Add(
                GenerationFields.Sampler, $"Sampler '{info.Name}' chooses its noise levels while it runs and cannot work under a mask.",
                values.JsonOf(GenerationFields.Sampler),
                "any other sampler");
    }

    /// <summary>Says when a sampler is run on a network that it was not made for: what comes out is the reference's result, and noise to look at.</summary>
    public static void Suit(ModelDescription model, string? sampler, List<string> warnings)
    {
        if (Info(model, sampler) is { MadeFor: { } networks } info && SamplerCatalog.OfClass(model.SamplerClass)?.MadeFor != networks)
            warnings.Add($"sampler '{info.Name}' is made for {networks}; model '{model.Id}' is not one, and the picture will look like noise");
    }

    /// <summary>Says when the reference's own result of a combination is known to be bad.</summary>
    public static void KnownBad(GenerationRequest request, ModelDescription model, List<string> warnings)
    {
        int left = request.StepsRun;
        if (request.Compatibility != Compatibility.Diffusers || Info(model, request.Sampler) is not { } info) return;
        if (KnownBadResults.Find(info, request.Schedule, request.Steps, left) is { } sentence) warnings.Add(sentence);
    }

    private static IReadOnlyList<string> SchedulesOf(SamplerInfo info, FieldValues values, ModelDescription model) =>
        ConventionOf(values, model) is { } convention && info.SchedulesIn(convention) is { Count: > 0 } known ? known : info.SchedulesFor(model.SamplerClass);

    private static SigmaConvention? ConventionOf(FieldValues values, ModelDescription model) =>
        values.Resolve(GenerationFields.Compatibility, model).Convention();

    private static string? Named(string? schedule) => schedule == ScheduleCatalog.Default ? null : schedule;

    // A model whose configuration has no name here still belongs to a class, and the class to a kind.
    public static SamplerInfo? Info(ModelDescription model, string? sampler) => sampler is not null
        ? SamplerCatalog.Find(sampler)
        : SamplerCatalog.OfClass(model.SamplerClass);
}
