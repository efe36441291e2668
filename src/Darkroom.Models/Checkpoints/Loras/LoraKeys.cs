namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>
/// How tensors of a LoRA are named behind their layer: by kohya's scripts and LyCORIS (<c>.lora_down.weight</c>, <c>.hada_w1_a</c>), by PEFT
/// (<c>.lora_A.weight</c>) and by older versions of diffusers (<c>.lora.down.weight</c>, <c>.processor.to_q_lora.down.weight</c>).
/// </summary>
internal static class LoraKeys
{
    private const string Processor = ".processor.";

    private static readonly (string End, LoraRole Role)[] Ends =
    [
        (".lora_down.weight", LoraRole.Down), (".lora_up.weight", LoraRole.Up), (".lora_mid.weight", LoraRole.Mid), (".alpha", LoraRole.Alpha),
        (".lora_A.weight", LoraRole.Down), (".lora_B.weight", LoraRole.Up),
        (".lora_A.default.weight", LoraRole.Down), (".lora_B.default.weight", LoraRole.Up),
        (".lora_A.default_0.weight", LoraRole.Down), (".lora_B.default_0.weight", LoraRole.Up),
        (".lora.down.weight", LoraRole.Down), (".lora.up.weight", LoraRole.Up),
        (".lora_linear_layer.down.weight", LoraRole.Down), (".lora_linear_layer.up.weight", LoraRole.Up),
        ("_lora.down.weight", LoraRole.Down), ("_lora.up.weight", LoraRole.Up),
        (".hada_w1_a", LoraRole.Hada1A), (".hada_w1_b", LoraRole.Hada1B), (".hada_t1", LoraRole.Hada1Core),
        (".hada_w2_a", LoraRole.Hada2A), (".hada_w2_b", LoraRole.Hada2B), (".hada_t2", LoraRole.Hada2Core),
        (".lokr_w1", LoraRole.Lokr1), (".lokr_w1_a", LoraRole.Lokr1A), (".lokr_w1_b", LoraRole.Lokr1B),
        (".lokr_w2", LoraRole.Lokr2), (".lokr_w2_a", LoraRole.Lokr2A), (".lokr_w2_b", LoraRole.Lokr2B), (".lokr_t2", LoraRole.Lokr2Core),
        (".dora_scale", LoraRole.Magnitude), (".lora_magnitude_vector", LoraRole.Magnitude), (".lora_magnitude_vector.weight", LoraRole.Magnitude),
        (".diff", LoraRole.Difference), (".diff_b", LoraRole.BiasDifference),
    ];

    /// <summary>Layer and role of a tensor; null for a name that no LoRA has.</summary>
    public static (string Layer, LoraRole Role)? Of(string name)
    {
        foreach (var (end, role) in Ends)
            if (name.Length > end.Length && name.EndsWith(end, StringComparison.Ordinal)) return (LayerOf(name[..^end.Length]), role);
        return null;
    }

    /// <summary>The first LoRAs of diffusers belonged to what computes an attention, not to its layers.</summary>
    private static string LayerOf(string name)
    {
        int processor = name.IndexOf(Processor, StringComparison.Ordinal);
        if (processor < 0) return name;
        string layer = name[(processor + Processor.Length)..];
        return $"{name[..processor]}.{(layer == "to_out" ? "to_out.0" : layer)}";
    }
}
