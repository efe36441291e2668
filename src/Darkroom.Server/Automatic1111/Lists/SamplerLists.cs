using System.Text.Json.Nodes;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Server.Automatic1111.Names;

namespace Darkroom.Server.Automatic1111.Lists;

/// <summary>Samplers and schedulers, in AUTOMATIC1111's names.</summary>
internal static class SamplerLists
{
    public static JsonArray Samplers() => [.. A1111Samplers.Samplers.Select(one => new JsonObject
    {
        ["name"] = one.Name,
        ["aliases"] = Texts(one.Aliases),
        ["options"] = OptionsOf(one),
    })];

    public static JsonArray Schedulers() => [.. A1111Samplers.Schedulers.Select(one => new JsonObject
    {
        ["name"] = one.Name,
        ["label"] = one.Label,
        ["aliases"] = one.Aliases is { } aliases ? Texts(aliases) : null,
        ["default_rho"] = one.DefaultRho,
        ["need_inner_model"] = one.NeedsModel,
    })];

    private static JsonObject OptionsOf(A1111Sampler sampler)
    {
        var options = new JsonObject();
        if (sampler.Scheduler is { } scheduler) options["scheduler"] = scheduler;
        if (sampler.Native.CallsPerStep == 2) options["second_order"] = "True";
        if (sampler.Native.DropsPenultimateIn.Contains(SigmaConvention.A1111)) options["discard_next_to_last_sigma"] = "True";
        if (sampler.Native is { Kind: SamplerKind.Stochastic, KDiffusion: { } rule } && rule.EndsWith("sde", StringComparison.Ordinal))
            options["brownian_noise"] = "True";
        return options;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];
}
