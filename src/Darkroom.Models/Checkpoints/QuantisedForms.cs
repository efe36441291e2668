using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Checkpoints;

/// <summary>Weights in fewer bits: float8 is read, as it stands or with one scale for each weight. Every other form is refused by name.</summary>
internal static class QuantisedForms
{
    /// <summary>Ends of names of what stands beside weights in forms that are not read.</summary>
    private static readonly (string End, string Form)[] Others =
    [
        (".absmax", "bitsandbytes"), (".quant_map", "bitsandbytes"), (".SCB", "bitsandbytes, 8 bits"), (".weight_scale_2", "nvfp4"),
        (".weight_scale_inv", "blocks of float8"),
        (".qweight", "GPTQ or AWQ"), (".wscales", "SVDQuant"),
    ];

    /// <summary>Why a part cannot be read, to stand behind the file's name; null where it can.</summary>
    public static string? FaultOf(IEnumerable<StoredTensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (Array.Find(Others, other => tensor.Name.EndsWith(other.End, StringComparison.Ordinal)) is { Form: { } form })
                return $"is quantised ({form}; '{tensor.Name}'): of such forms float8 alone is read, with one scale for a weight or none";
            if ((tensor.Name.EndsWith(".scale_weight", StringComparison.Ordinal) || tensor.Name.EndsWith(".weight_scale", StringComparison.Ordinal))
                && (tensor.Count != 1 || !tensor.Type.IsFloat()))
                return $"has scales '{tensor.Name}' of {tensor.Type} {StoredTensor.TextOf(tensor.Shape)}: one number for a whole weight is read, no more";
        }
        return null;
    }
}
