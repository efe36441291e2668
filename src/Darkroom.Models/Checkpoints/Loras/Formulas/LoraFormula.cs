using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Checkpoints.Loras.Formulas;

/// <summary>
/// What a LoRA adds to a layer's weight, a matrix ΔW of [out, in] or [out, in · kernel · kernel] that is never held as a whole. Values are read from the file
/// when they are first needed.
/// </summary>
/// <remarks>
/// LoRA: Hu et al., 2021, https://arxiv.org/abs/2106.09685. LoCon, LoHa, LoKr: Yeh et al., 2023, https://arxiv.org/abs/2309.14859.
/// </remarks>
internal abstract class LoraFormula(LoraLayer layer, long rows, long columns, long? rank)
{
    private readonly Lazy<float> scale = new(() => ScaleOf(layer, rank));

    public long Rows => rows;

    public long Columns => columns;

    /// <summary>What alpha is divided by; null: the formula has none.</summary>
    public long? Rank => rank;

    /// <summary>alpha / rank; 1 where the file has no alpha, or the formula no rank.</summary>
    public float Scale => scale.Value;

    /// <summary>rows += factor · scale · ΔW, for rows from <paramref name="first"/> on.</summary>
    public abstract void AddTo(Span<float> rows, int first, float factor);

    /// <exception cref="InvalidDataException">Its tensors do not go together.</exception>
    public static LoraFormula? Of(LoraLayer layer)
    {
        foreach (var tensor in layer.Tensors.Values)
            if (!tensor.Type.IsFloat()) throw layer.Fault($"is of type {tensor.Type} where floating point is needed");
        if (layer.Find(LoraRole.Alpha) is { Count: not 1 }) throw layer.Fault("has more than one alpha");
        if (layer.Find(LoraRole.Difference) is { } difference) return new WholeDifference(layer, difference);
        if (layer.Find(LoraRole.Hada1A) is not null || layer.Find(LoraRole.Hada2A) is not null) return HadamardProduct.Of(layer);
        if (layer.Tensors.Keys.Any(role => role is >= LoraRole.Lokr1 and <= LoraRole.Lokr2Core)) return KroneckerProduct.Of(layer);
        if (layer.Find(LoraRole.BiasDifference) is not null && layer.Find(LoraRole.Up) is null) return null; // the bias alone
        return LowRank.Of(layer, LoraRole.Up, LoraRole.Down, LoraRole.Mid) is var product ? new PlainProduct(layer, product) : null;
    }

    /// <summary>All values of a tensor.</summary>
    /// <exception cref="InvalidDataException">Some are no finite numbers.</exception>
    public static float[] Read(LoraLayer layer, StoredTensor tensor)
    {
        float[] values = tensor.ReadFloats();
        return Array.TrueForAll(values, float.IsFinite) ? values : throw layer.Fault("has values that are not finite");
    }

    private static float ScaleOf(LoraLayer layer, long? rank) =>
        rank is not { } all ? 1
        : layer.Find(LoraRole.Alpha) is { } alpha ? Read(layer, alpha)[0] / all
        : (float)(layer.Config?.ScaleOf(layer.Name, all) ?? 1);
}
