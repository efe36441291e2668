namespace Darkroom.Diffusion.Prompts;

/// <summary>Steps that read the same texts.</summary>
/// <param name="End">The step, from 0, before which it ends; it begins where the range before it ends.</param>
/// <param name="Negative">The negative prompt's place in <see cref="PromptPlan.Texts"/>; null where no lane reads it.</param>
/// <param name="Parts">The prompt's parts, at least one.</param>
public sealed record PromptRange(int End, int? Negative, IReadOnlyList<PromptPart> Parts)
{
    /// <summary>Whether the same texts are read, at the same weights.</summary>
    public bool ReadsAs(PromptRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Negative == other.Negative && Parts.SequenceEqual(other.Parts);
    }
}

/// <summary>One of the prompts that <c>AND</c> joins, or the whole prompt.</summary>
/// <param name="Text">Its place in <see cref="PromptPlan.Texts"/>.</param>
/// <param name="Weight">Its share of the guidance.</param>
public readonly record struct PromptPart(int Text, double Weight);
