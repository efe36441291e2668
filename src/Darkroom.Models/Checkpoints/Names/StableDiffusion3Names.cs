namespace Darkroom.Models.Checkpoints.Names;

/// <summary>Stable Diffusion 3's transformer in its authors' code (github.com/Stability-AI/sd3-ref), whose names Stability's files and ComfyUI have.</summary>
internal static class StableDiffusion3Names
{
    public static TransformerNames All { get; } = new(
    [
        new("x_embedder.proj", "pos_embed.proj"), new("context_embedder", "context_embedder"), new("final_layer.linear", "proj_out"),
        new("final_layer.adaLN_modulation.1", "norm_out.linear"),
        new("t_embedder.mlp.0", "time_text_embed.timestep_embedder.linear_1"), new("t_embedder.mlp.2", "time_text_embed.timestep_embedder.linear_2"),
        new("y_embedder.mlp.0", "time_text_embed.text_embedder.linear_1"), new("y_embedder.mlp.2", "time_text_embed.text_embedder.linear_2"),
    ],
    [
        new("joint_blocks", "transformer_blocks",
        [
            new("x_block.attn.qkv", "attn.to_q", "attn.to_k", "attn.to_v"),
            new("context_block.attn.qkv", "attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"),
            new("x_block.attn.ln_q", "attn.norm_q"), new("x_block.attn.ln_k", "attn.norm_k"),
            new("context_block.attn.ln_q", "attn.norm_added_q"), new("context_block.attn.ln_k", "attn.norm_added_k"),
            new("x_block.attn.proj", "attn.to_out.0"), new("context_block.attn.proj", "attn.to_add_out"),
            new("x_block.attn2.qkv", "attn2.to_q", "attn2.to_k", "attn2.to_v"), new("x_block.attn2.proj", "attn2.to_out.0"),
            new("x_block.attn2.ln_q", "attn2.norm_q"), new("x_block.attn2.ln_k", "attn2.norm_k"),
            new("x_block.mlp.fc1", "ff.net.0.proj"), new("x_block.mlp.fc2", "ff.net.2"),
            new("context_block.mlp.fc1", "ff_context.net.0.proj"), new("context_block.mlp.fc2", "ff_context.net.2"),
            new("x_block.adaLN_modulation.1", "norm1.linear"), new("context_block.adaLN_modulation.1", "norm1_context.linear"),
        ]),
    ]);
}
