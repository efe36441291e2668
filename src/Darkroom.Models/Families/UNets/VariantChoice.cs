using System.Globalization;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Observing;

namespace Darkroom.Models.Families.UNets;

/// <summary>What a variant of a model differs in.</summary>
/// <param name="Loras">In the order in which they are merged.</param>
/// <param name="Axes">Along which its pictures wrap round.</param>
/// <param name="Observed">What its denoiser gives beside its answer; null: nothing.</param>
internal sealed record VariantChoice(IReadOnlyList<LoraChoice> Loras, WrapAxes Axes, Observation? Observed)
{
    /// <summary>What tells it from others.</summary>
    public string Key => string.Join('+', Loras.Select(lora => string.Create(CultureInfo.InvariantCulture, $"{lora.Hash}:{lora.Weight:R}:{lora.TextWeight:R}")))
        + Axes.Variant() + Observed?.Variant;
}
