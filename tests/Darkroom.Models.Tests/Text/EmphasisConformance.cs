using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Text;

/// <summary>Weighted hidden states against torch. Tolerance: 1e-6 of the largest value; both sides are float32 sums of some thousand values.</summary>
[Trait("Category", "Conformance")]
public sealed class EmphasisConformance
{
    [Theory]
    [InlineData("original", EmphasisRule.Original)]
    [InlineData("no_norm", EmphasisRule.NoNorm)]
    public void Hidden_states_are_weighted_as_in_A1111(string name, EmphasisRule rule)
    {
        if (!ConformancePack.Has("prompts", "emphasis.safetensors")) return;
        var golden = ConformancePack.Tensors("prompts", "emphasis.safetensors");
        using var measure = new Measure("prompts/emphasis", name);
        float[] states = [.. golden["z"].Values];
        Emphasis.Apply(states, golden["weights"].Values, rule);
        measure.Close(name, golden[name].Values, states, 1e-6);
    }
}
