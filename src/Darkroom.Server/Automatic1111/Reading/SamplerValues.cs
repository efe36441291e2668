using System.Text.Json.Nodes;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Server.Automatic1111.Names;
using Darkroom.Server.Automatic1111.Options;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>Sampler, scheduler and what goes with them, in the words of the native API.</summary>
internal static class SamplerValues
{
    private const string Default = "Euler"; // sampler_index of AUTOMATIC1111's API

    public static string Names => "one of: " + string.Join(", ", A1111Samplers.Samplers.Select(one => one.Name));

    /// <summary>Sets what was sent.</summary>
    /// <param name="native">Takes the values.</param>
    /// <param name="values">As sent.</param>
    /// <param name="options">In force.</param>
    /// <param name="model">Null: there is none, which is told elsewhere.</param>
    /// <param name="notes">Takes what was left out.</param>
    /// <returns>A name that is none, with all that are some: 400, and not one fault among others.</returns>
    public static Problem? Set(JsonObject native, SentValues values, A1111Options options, ModelDescription? model, List<string> notes)
    {
        var name = values.Text("sampler_name") is { Length: > 0 } given ? given : values.Text("sampler_index");
        if (name is null && !HasOwn(model)) name = Default;
        var choice = A1111Samplers.Resolve(name, values.Text("scheduler"));
        if (choice.UnknownSampler is not null)
            return new(ProblemType.SamplerNotFound, $"Sampler not found: '{Cut(name!)}' is none. Samplers here: {Names["one of: ".Length..]}.");
        if (choice.UnknownScheduler is { } unknown)
            return new(ProblemType.SamplerNotFound, $"Scheduler not found: '{Cut(unknown)}' is none. Schedulers here: "
                + string.Join(", ", A1111Samplers.Schedulers.Select(one => one.Label)) + ".");
        if (choice.Note is { } note) notes.Add(note);
        if (choice.Sampler is { } sampler) native["sampler"] = sampler;
        if (choice.Schedule is { } schedule) native["schedule"] = schedule;
        if ((values.Number("eta") ?? EtaOf(choice.Sampler, options)) is { } eta) native["eta"] = eta;
        SetNoise(native, values, choice.Sampler, model, notes);
        return null;
    }

    /// <summary>Values that change nothing are left out, since many clients send them always; those that the sampler does not take are told of.</summary>
    private static void SetNoise(JsonObject native, SentValues values, string? sampler, ModelDescription? model, List<string> notes)
    {
        var info = sampler is not null ? SamplerCatalog.Find(sampler) : SamplerCatalog.OfClass(model?.SamplerClass ?? "");
        bool isFlow = model is not null && SamplerCatalog.IsFlowClass(model.SamplerClass);
        SigmaConvention? convention = model is null || CompatibilityRules.WhyNot(model) is null ? SigmaConvention.A1111 : null;
        bool churns = !isFlow && info?.Churns(convention) == true, scales = !isFlow && info?.ScalesNoise(convention) == true;
        if (values.Number("s_churn", 0) is > 0 and var churn) Set("s_churn", churn, churns);
        if (values.Number("s_tmin", 0) is > 0 and var from) Set("s_tmin", from, churns);
        if (values.Number("s_tmax", 0) is > 0 and var to and < 999) Set("s_tmax", to, churns);
        if (values.Number("s_noise", 0) is { } noise and not 1) Set("s_noise", noise, scales);
        if (values.Number("s_min_uncond", 0) is > 0)
            values.Refuse("s_min_uncond", "leaves out negative prompts at some steps, which this server cannot", values.Find("s_min_uncond"), "0");

        void Set(string field, double value, bool isTaken)
        {
            if (isTaken) native[field] = value;
            else notes.Add($"{field}: sampler '{info?.Title ?? sampler ?? "default"}' takes none here, and it was left out.");
        }
    }

    // A flow model has rules of its own, and a model may say which sampler it is made for.
    private static bool HasOwn(ModelDescription? model) =>
        model is null || SamplerCatalog.IsFlowClass(model.SamplerClass) || model.Defaults.Find(FieldTable.Sampler) is not null;

    private static double? EtaOf(string? sampler, A1111Options options) =>
        sampler is null || SamplerCatalog.Find(sampler) is not { DefaultEta: { } own } ? null : own == 0 ? options.EtaDdim : options.EtaAncestral;

    private static string Cut(string text) => text.Length <= 100 ? text : text[..99] + "…";
}
