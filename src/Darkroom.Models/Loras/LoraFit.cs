using Darkroom.Models.Catalog;

namespace Darkroom.Models.Loras;

/// <summary>Whether a LoRA is for a model, as far as its file's header tells; the rest is found when the model is opened with it.</summary>
public static class LoraFit
{
    /// <summary>Families whose layers have names of their own; those of the others are told by the text that they attend to.</summary>
    private static readonly string[] Named = ["flux", "stable-diffusion-3"];

    /// <summary>Why it is not; null where nothing speaks against it.</summary>
    public static string? Misfit(LoraDescription lora, ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(lora);
        ArgumentNullException.ThrowIfNull(model);
        if (lora.Base is { } known && known != model.Family && (Named.Contains(known) || Named.Contains(model.Family)))
            return $"it is for {known}, and model '{model.Id}' is {model.Family}";
        return lora.TextWidth is { } width && model.TextWidth is { } own && width != own
            ? $"it attends to texts of {width} channels{(lora.Base is { } of ? $" ({of})" : "")}, and those of model '{model.Id}' have {own}" : null;
    }
}
