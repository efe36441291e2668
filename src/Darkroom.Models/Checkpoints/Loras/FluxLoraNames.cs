namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>
/// Layers of FLUX's transformer by their names in its authors' code, which kohya's scripts and ComfyUI use. Some are several of diffusers' layers, one below
/// the other.
/// </summary>
internal static class FluxLoraNames
{
    private static readonly (string Theirs, string[] Ours)[] OfJoint =
    [
        ("img_attn.qkv", ["attn.to_q", "attn.to_k", "attn.to_v"]), ("txt_attn.qkv", ["attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"]),
        ("img_attn.proj", ["attn.to_out.0"]), ("txt_attn.proj", ["attn.to_add_out"]),
        ("img_mlp.0", ["ff.net.0.proj"]), ("img_mlp.2", ["ff.net.2"]), ("txt_mlp.0", ["ff_context.net.0.proj"]), ("txt_mlp.2", ["ff_context.net.2"]),
        ("img_mod.lin", ["norm1.linear"]), ("txt_mod.lin", ["norm1_context.linear"]),
    ];

    private static readonly (string Theirs, string[] Ours)[] OfSingle =
        [("linear1", ["attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"]), ("linear2", ["proj_out"]), ("modulation.lin", ["norm.linear"])];

    private static readonly (string Theirs, string Ours)[] Outer =
    [
        ("img_in", "x_embedder"), ("txt_in", "context_embedder"), ("final_layer.linear", "proj_out"),
        ("time_in.in_layer", "time_text_embed.timestep_embedder.linear_1"), ("time_in.out_layer", "time_text_embed.timestep_embedder.linear_2"),
        ("vector_in.in_layer", "time_text_embed.text_embedder.linear_1"), ("vector_in.out_layer", "time_text_embed.text_embedder.linear_2"),
        ("guidance_in.in_layer", "time_text_embed.guidance_embedder.linear_1"), ("guidance_in.out_layer", "time_text_embed.guidance_embedder.linear_2"),
    ];

    /// <param name="layers">diffusers' layers.</param>
    public static IEnumerable<(string Name, LoraTarget[] Targets)> Of(IReadOnlyDictionary<string, PartLayer> layers)
    {
        foreach (var (theirs, ours) in Outer)
            if (Stack(layers, "", [ours]) is { } targets) yield return (theirs, targets);
        foreach (var (list, theirList, names) in ((string, string, (string, string[])[])[])
            [("transformer_blocks", "double_blocks", OfJoint), ("single_transformer_blocks", "single_blocks", OfSingle)])
            for (int block = 0, found = 1; found > 0; block++)
            {
                found = 0;
                foreach (var (theirs, ours) in names)
                {
                    if (Stack(layers, $"{list}.{block}.", ours) is not { } targets) continue;
                    found++;
                    yield return ($"{theirList}.{block}.{theirs}", targets);
                }
            }
        // The two halves, shift and scale, stand the other way round.
        if (layers.TryGetValue("norm_out.linear", out var last) && last.Rows / 2 is var half)
            yield return ("final_layer.adaLN_modulation.1", [new("", "norm_out.linear", 0, half, half), new("", "norm_out.linear", half, 0, half)]);
    }

    private static LoraTarget[]? Stack(IReadOnlyDictionary<string, PartLayer> layers, string block, string[] names)
    {
        var targets = new List<LoraTarget>();
        long from = 0;
        foreach (string name in names)
        {
            if (!layers.TryGetValue(block + name, out var layer)) return null;
            targets.Add(new("", block + name, from, 0, layer.Rows));
            from += layer.Rows;
        }
        return [.. targets];
    }
}
