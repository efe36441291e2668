namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>The layers of one part of a model, under all names that LoRAs have for them.</summary>
internal sealed class PartLayers
{
    private const string WeightEnd = ".weight", BiasEnd = ".bias";

    private static readonly (string Now, string Then)[] OldText =
    [
        ("self_attn.q_proj", "self_attn.to_q"), ("self_attn.k_proj", "self_attn.to_k"), ("self_attn.v_proj", "self_attn.to_v"),
        ("self_attn.out_proj", "self_attn.to_out"),
    ];

    private readonly Dictionary<string, LoraTarget[]> named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> biases = new(StringComparer.Ordinal);

    /// <param name="part">diffusers' name of the part.</param>
    /// <param name="scripts">What kohya's scripts put before its layers' names, several where they differ.</param>
    /// <param name="needed">Weights of the part and their shapes, by the names of its modules.</param>
    public PartLayers(string part, IReadOnlyList<string> scripts, IReadOnlyDictionary<string, IReadOnlyList<long>> needed)
    {
        Part = part;
        // Files may have the projection of a text the other way round, and no LoRA is trained for it.
        Layers = needed
            .Where(weight => weight.Value.Count is 2 or 4 && weight.Key.EndsWith(WeightEnd, StringComparison.Ordinal) && weight.Key != "text_projection.weight")
            .ToDictionary(weight => weight.Key[..^WeightEnd.Length],
                weight => new PartLayer(weight.Value[0], weight.Value.Skip(1).Aggregate(1L, static (a, b) => a * b)), StringComparer.Ordinal);
        foreach (var (name, layer) in Layers) Name(name, scripts, [new(part, name + WeightEnd, 0, 0, layer.Rows)]);
        foreach (var (name, targets) in part == "transformer" ? TransformerLoraNames.Of(Layers) : part == "unet" ? UNetLoraNames.Of(Layers) : [])
            Name(name, scripts, [.. targets.Select(target => target with { Part = part, Weight = target.Weight + WeightEnd })]);
        foreach (var (name, shape) in needed.Where(weight => weight.Key.EndsWith(BiasEnd, StringComparison.Ordinal)))
            biases[name[..^BiasEnd.Length]] = shape.Count > 0 ? shape[0] : 1;
    }

    public string Part { get; }

    /// <summary>By name of the module.</summary>
    public IReadOnlyDictionary<string, PartLayer> Layers { get; }

    /// <summary>What a LoRA's layer is to be added to; empty where the part has no such layer.</summary>
    public IReadOnlyList<LoraTarget> Find(string layer) => named.GetValueOrDefault(layer) ?? [];

    /// <summary>Values of a weight or a bias.</summary>
    public long SizeOf(string weight) => weight.EndsWith(WeightEnd, StringComparison.Ordinal)
        ? Layers[weight[..^WeightEnd.Length]].Size
        : biases[weight[..^BiasEnd.Length]];

    /// <summary>The bias of a layer; null where it has none, or where the LoRA's layer is several of the part's.</summary>
    public LoraTarget? BiasOf(IReadOnlyList<LoraTarget> weight) =>
        weight is [{ Weight: var name }] && biases.TryGetValue(name[..^WeightEnd.Length], out long rows)
            ? new(Part, name[..^WeightEnd.Length] + BiasEnd, 0, 0, rows) : null;

    /// <summary>A layer's name as it stands in files: dots, or behind a prefix of the scripts' underscores.</summary>
    private void Name(string name, IReadOnlyList<string> scripts, LoraTarget[] targets)
    {
        string flat = name.Replace('.', '_');
        foreach (string prefix in scripts) named.TryAdd(prefix + flat, targets);
        string[] before = Part is "unet" or "transformer"
            ? [$"{Part}.", "", "diffusion_model.", "base_model.model.", $"base_model.model.{Part}."]
            : [$"{Part}."];
        foreach (string prefix in before) named.TryAdd(prefix + name, targets);
        // Newer transformers have no text_model, older diffusers named the layers of an attention otherwise.
        const string Model = "text_model.";
        if (name.StartsWith(Model, StringComparison.Ordinal)) named.TryAdd($"{Part}.{name[Model.Length..]}", targets);
        foreach (var (now, then) in OldText)
            if (name.EndsWith(now, StringComparison.Ordinal)) named.TryAdd($"{Part}.{name[..^now.Length]}{then}", targets);
    }
}
