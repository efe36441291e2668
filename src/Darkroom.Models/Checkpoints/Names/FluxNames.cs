namespace Darkroom.Models.Checkpoints.Names;

/// <summary>FLUX's transformer in its authors' code (github.com/black-forest-labs/flux), whose names BFL's files, ComfyUI and kohya's scripts have.</summary>
internal static class FluxNames
{
    private const string Norm = "scale"; // of norms, in place of weight

    public static TransformerNames All { get; } = new(
    [
        new("img_in", "x_embedder"), new("txt_in", "context_embedder"), new("final_layer.linear", "proj_out"),
        new("final_layer.adaLN_modulation.1", "norm_out.linear"),
        new("time_in.in_layer", "time_text_embed.timestep_embedder.linear_1"), new("time_in.out_layer", "time_text_embed.timestep_embedder.linear_2"),
        new("vector_in.in_layer", "time_text_embed.text_embedder.linear_1"), new("vector_in.out_layer", "time_text_embed.text_embedder.linear_2"),
        new("guidance_in.in_layer", "time_text_embed.guidance_embedder.linear_1"),
        new("guidance_in.out_layer", "time_text_embed.guidance_embedder.linear_2"),
    ],
    [
        new("double_blocks", "transformer_blocks",
        [
            new("img_attn.qkv", "attn.to_q", "attn.to_k", "attn.to_v"), new("txt_attn.qkv", "attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"),
            new("img_attn.norm.query_norm", "attn.norm_q") { Weight = Norm }, new("img_attn.norm.key_norm", "attn.norm_k") { Weight = Norm },
            new("txt_attn.norm.query_norm", "attn.norm_added_q") { Weight = Norm }, new("txt_attn.norm.key_norm", "attn.norm_added_k") { Weight = Norm },
            new("img_attn.proj", "attn.to_out.0"), new("txt_attn.proj", "attn.to_add_out"),
            new("img_mlp.0", "ff.net.0.proj"), new("img_mlp.2", "ff.net.2"),
            new("txt_mlp.0", "ff_context.net.0.proj"), new("txt_mlp.2", "ff_context.net.2"),
            new("img_mod.lin", "norm1.linear"), new("txt_mod.lin", "norm1_context.linear"),
        ]),
        new("single_blocks", "single_transformer_blocks",
        [
            new("linear1", "attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp") { Shares = [1, 1, 1, 4] }, new("linear2", "proj_out"),
            new("norm.query_norm", "attn.norm_q") { Weight = Norm }, new("norm.key_norm", "attn.norm_k") { Weight = Norm },
            new("modulation.lin", "norm.linear"),
        ]),
    ]);
}
