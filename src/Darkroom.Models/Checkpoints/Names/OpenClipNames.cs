using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks;

namespace Darkroom.Models.Checkpoints.Names;

/// <summary>
/// OpenCLIP's names of a text encoder: <c>transformer.resblocks.3.ln_1</c> is <c>text_model.encoder.layers.3.layer_norm1</c>. Query, key and value are the
/// thirds of one matrix there, and the projection stands the other way round.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="prefix">Before each of its names.</param>
internal sealed class OpenClipNames(SafetensorsFile file, string prefix) : IWeights
{
    private const string Layers = "text_model.encoder.layers.", Blocks = "transformer.resblocks.";

    private static readonly string[] Fused = ["self_attn.q_proj.", "self_attn.k_proj.", "self_attn.v_proj."];

    private static readonly (string Module, string Name)[] OfLayer =
    [
        ("layer_norm1.", "ln_1."), ("layer_norm2.", "ln_2."), ("mlp.fc1.", "mlp.c_fc."), ("mlp.fc2.", "mlp.c_proj."), ("self_attn.out_proj.", "attn.out_proj."),
    ];

    private readonly PartTensors tensors = new(file, prefix);

    public StoredTensor? Find(string name) => name switch
    {
        "text_model.embeddings.token_embedding.weight" => Stored("token_embedding.weight"),
        "text_model.embeddings.position_embedding.weight" => Stored("positional_embedding"),
        "text_model.final_layer_norm.weight" => Stored("ln_final.weight"),
        "text_model.final_layer_norm.bias" => Stored("ln_final.bias"),
        "text_projection.weight" => Stored("text_projection.weight") ?? Transposed("text_projection"),
        _ => name.StartsWith(Layers, StringComparison.Ordinal) && name.IndexOf('.', Layers.Length) is > 0 and var dot
            ? OfBlock($"{Blocks}{name[Layers.Length..dot]}.", name[(dot + 1)..])
            : null,
    };

    private StoredTensor? OfBlock(string block, string rest)
    {
        for (int third = 0; third < Fused.Length; third++)
        {
            if (!rest.StartsWith(Fused[third], StringComparison.Ordinal)) continue;
            if (Stored($"{block}attn.in_proj_{rest[Fused[third].Length..]}") is not { Shape: [var rows, ..] } all || rows % Fused.Length != 0) return null;
            return all.Rows(third * rows / Fused.Length, rows / Fused.Length);
        }
        foreach (var (module, stored) in OfLayer)
            if (rest.StartsWith(module, StringComparison.Ordinal)) return Stored(block + stored + rest[module.Length..]);
        return null;
    }

    private StoredTensor? Transposed(string name) => Stored(name) is { Shape.Count: 2 } matrix ? matrix.Transpose() : null;

    private StoredTensor? Stored(string name) => tensors.Find(name);
}
