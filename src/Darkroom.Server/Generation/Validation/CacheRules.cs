using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Which calls of the denoiser a request leaves out, and with what none can be.</summary>
internal static class CacheRules
{
    /// <param name="values">What was given.</param>
    /// <param name="model">The model.</param>
    /// <param name="sampler">Of the first pass; null: the model's own.</param>
    /// <param name="hires">The second pass, which leaves out calls as the first does; null: there is none.</param>
    /// <param name="faults">Takes what is wrong.</param>
    public static CacheOrder? Of(FieldValues values, ModelDescription model, string? sampler, HiresOrder? hires, FaultList faults)
    {
        if (!model.Capabilities.ExtraFields.Contains(Fields.Cache.Name)) return null;
        bool isGiven = values.TryGet(Fields.Cache, out var choice);
        if (!isGiven) Fields.Cache.TryDefault(model, out choice);
        if (choice is null or { Declines: true }) return null;
        string?[] samplers = [sampler, HiresOrder.SamplerOf(hires?.Sampler, sampler)];
        if (samplers.Select(one => SamplingRules.Info(model, one)).FirstOrDefault(static one => one is { CanBlend: false }) is { } info)
        {
            // A model's own default gives way to a sampler that it cannot go with.
            if (isGiven)
                faults.Add(Fields.Cache, $"Sampler '{info.Name}' chooses its noise levels while it runs, and every call of it is needed for that.",
                    values.JsonOf(Fields.Cache), "with any other sampler");
            return null;
        }
        return new CacheOrder(Methods.Single(one => one.Name == choice.Method).Value, choice.Threshold);
    }

    /// <summary>As the field has it.</summary>
    public static CacheChoice? ChoiceOf(CacheOrder? order) =>
        order is null ? null : new(Methods.Single(one => one.Value == order.Method).Name, order.Threshold);

    private static readonly IReadOnlyList<(string Name, CacheMethod Value)> Methods = Choices.Of<CacheMethod>();
}
