namespace Darkroom.TestKit.Checkpoints;

/// <summary>
/// What published files call the tensors (left), and what diffusers calls them. The U-Net and the autoencoder are those of the pack: three levels of one
/// resnet, four levels of one.
/// </summary>
internal static class SingleFileNames
{
    public const string StableDiffusion3 = """
        pos_embed = pos_embed.pos_embed
        x_embedder.proj.[w] = pos_embed.proj.[w]
        context_embedder.[w] = context_embedder.[w]
        t_embedder.mlp.0.[w] = time_text_embed.timestep_embedder.linear_1.[w]
        t_embedder.mlp.2.[w] = time_text_embed.timestep_embedder.linear_2.[w]
        y_embedder.mlp.0.[w] = time_text_embed.text_embedder.linear_1.[w]
        y_embedder.mlp.2.[w] = time_text_embed.text_embedder.linear_2.[w]
        final_layer.linear.[w] = proj_out.[w]
        final_layer.adaLN_modulation.1.[w] = norm_out.linear.[w] ~
        joint_blocks.{i}.x_block.adaLN_modulation.1.[w] = transformer_blocks.{i}.norm1.linear.[w]
        joint_blocks.{i}.x_block.attn.qkv.[w] = transformer_blocks.{i}.attn.to_q.[w] + transformer_blocks.{i}.attn.to_k.[w] +
            transformer_blocks.{i}.attn.to_v.[w]
        joint_blocks.{i}.x_block.attn.ln_q.weight = transformer_blocks.{i}.attn.norm_q.weight
        joint_blocks.{i}.x_block.attn.ln_k.weight = transformer_blocks.{i}.attn.norm_k.weight
        joint_blocks.{i}.x_block.attn.proj.[w] = transformer_blocks.{i}.attn.to_out.0.[w]
        joint_blocks.{i}.x_block.attn2.qkv.[w] = transformer_blocks.{i}.attn2.to_q.[w] + transformer_blocks.{i}.attn2.to_k.[w] +
            transformer_blocks.{i}.attn2.to_v.[w]
        joint_blocks.{i}.x_block.attn2.ln_q.weight = transformer_blocks.{i}.attn2.norm_q.weight
        joint_blocks.{i}.x_block.attn2.ln_k.weight = transformer_blocks.{i}.attn2.norm_k.weight
        joint_blocks.{i}.x_block.attn2.proj.[w] = transformer_blocks.{i}.attn2.to_out.0.[w]
        joint_blocks.{i}.x_block.mlp.fc1.[w] = transformer_blocks.{i}.ff.net.0.proj.[w]
        joint_blocks.{i}.x_block.mlp.fc2.[w] = transformer_blocks.{i}.ff.net.2.[w]
        joint_blocks.{i}.context_block.adaLN_modulation.1.[w] = transformer_blocks.{i}.norm1_context.linear.[w] ~last
        joint_blocks.{i}.context_block.attn.qkv.[w] = transformer_blocks.{i}.attn.add_q_proj.[w] + transformer_blocks.{i}.attn.add_k_proj.[w] +
            transformer_blocks.{i}.attn.add_v_proj.[w]
        joint_blocks.{i}.context_block.attn.ln_q.weight = transformer_blocks.{i}.attn.norm_added_q.weight
        joint_blocks.{i}.context_block.attn.ln_k.weight = transformer_blocks.{i}.attn.norm_added_k.weight
        joint_blocks.{i}.context_block.attn.proj.[w] = transformer_blocks.{i}.attn.to_add_out.[w]
        joint_blocks.{i}.context_block.mlp.fc1.[w] = transformer_blocks.{i}.ff_context.net.0.proj.[w]
        joint_blocks.{i}.context_block.mlp.fc2.[w] = transformer_blocks.{i}.ff_context.net.2.[w]
        """;

    public const string Flux = """
        img_in.[w] = x_embedder.[w]
        txt_in.[w] = context_embedder.[w]
        time_in.in_layer.[w] = time_text_embed.timestep_embedder.linear_1.[w]
        time_in.out_layer.[w] = time_text_embed.timestep_embedder.linear_2.[w]
        vector_in.in_layer.[w] = time_text_embed.text_embedder.linear_1.[w]
        vector_in.out_layer.[w] = time_text_embed.text_embedder.linear_2.[w]
        guidance_in.in_layer.[w] = time_text_embed.guidance_embedder.linear_1.[w]
        guidance_in.out_layer.[w] = time_text_embed.guidance_embedder.linear_2.[w]
        final_layer.linear.[w] = proj_out.[w]
        final_layer.adaLN_modulation.1.[w] = norm_out.linear.[w] ~
        double_blocks.{i}.img_mod.lin.[w] = transformer_blocks.{i}.norm1.linear.[w]
        double_blocks.{i}.txt_mod.lin.[w] = transformer_blocks.{i}.norm1_context.linear.[w]
        double_blocks.{i}.img_attn.qkv.[w] = transformer_blocks.{i}.attn.to_q.[w] + transformer_blocks.{i}.attn.to_k.[w] +
            transformer_blocks.{i}.attn.to_v.[w]
        double_blocks.{i}.txt_attn.qkv.[w] = transformer_blocks.{i}.attn.add_q_proj.[w] + transformer_blocks.{i}.attn.add_k_proj.[w] +
            transformer_blocks.{i}.attn.add_v_proj.[w]
        double_blocks.{i}.img_attn.norm.query_norm.scale = transformer_blocks.{i}.attn.norm_q.weight
        double_blocks.{i}.img_attn.norm.key_norm.scale = transformer_blocks.{i}.attn.norm_k.weight
        double_blocks.{i}.txt_attn.norm.query_norm.scale = transformer_blocks.{i}.attn.norm_added_q.weight
        double_blocks.{i}.txt_attn.norm.key_norm.scale = transformer_blocks.{i}.attn.norm_added_k.weight
        double_blocks.{i}.img_attn.proj.[w] = transformer_blocks.{i}.attn.to_out.0.[w]
        double_blocks.{i}.txt_attn.proj.[w] = transformer_blocks.{i}.attn.to_add_out.[w]
        double_blocks.{i}.img_mlp.0.[w] = transformer_blocks.{i}.ff.net.0.proj.[w]
        double_blocks.{i}.img_mlp.2.[w] = transformer_blocks.{i}.ff.net.2.[w]
        double_blocks.{i}.txt_mlp.0.[w] = transformer_blocks.{i}.ff_context.net.0.proj.[w]
        double_blocks.{i}.txt_mlp.2.[w] = transformer_blocks.{i}.ff_context.net.2.[w]
        single_blocks.{i}.modulation.lin.[w] = single_transformer_blocks.{i}.norm.linear.[w]
        single_blocks.{i}.linear1.[w] = single_transformer_blocks.{i}.attn.to_q.[w] + single_transformer_blocks.{i}.attn.to_k.[w] +
            single_transformer_blocks.{i}.attn.to_v.[w] + single_transformer_blocks.{i}.proj_mlp.[w]
        single_blocks.{i}.linear2.[w] = single_transformer_blocks.{i}.proj_out.[w]
        single_blocks.{i}.norm.query_norm.scale = single_transformer_blocks.{i}.attn.norm_q.weight
        single_blocks.{i}.norm.key_norm.scale = single_transformer_blocks.{i}.attn.norm_k.weight
        """;

    public const string UNet = """
        time_embed.0 = time_embedding.linear_1
        time_embed.2 = time_embedding.linear_2
        time_embed.cond_proj = time_embedding.cond_proj
        input_blocks.0.0 = conv_in
        input_blocks.1.0 = down_blocks.0.resnets.0
        input_blocks.1.1 = down_blocks.0.attentions.0
        input_blocks.2.0.op = down_blocks.0.downsamplers.0.conv
        input_blocks.3.0 = down_blocks.1.resnets.0
        input_blocks.3.1 = down_blocks.1.attentions.0
        input_blocks.4.0.op = down_blocks.1.downsamplers.0.conv
        input_blocks.5.0 = down_blocks.2.resnets.0
        middle_block.0 = mid_block.resnets.0
        middle_block.1 = mid_block.attentions.0
        middle_block.2 = mid_block.resnets.1
        output_blocks.0.0 = up_blocks.0.resnets.0
        output_blocks.1.0 = up_blocks.0.resnets.1
        output_blocks.1.1.conv = up_blocks.0.upsamplers.0.conv
        output_blocks.2.0 = up_blocks.1.resnets.0
        output_blocks.2.1 = up_blocks.1.attentions.0
        output_blocks.3.0 = up_blocks.1.resnets.1
        output_blocks.3.1 = up_blocks.1.attentions.1
        output_blocks.3.2.conv = up_blocks.1.upsamplers.0.conv
        output_blocks.4.0 = up_blocks.2.resnets.0
        output_blocks.4.1 = up_blocks.2.attentions.0
        output_blocks.5.0 = up_blocks.2.resnets.1
        output_blocks.5.1 = up_blocks.2.attentions.1
        out.0 = conv_norm_out
        out.2 = conv_out
        """;

    public const string UNetResnet = """
        in_layers.0 = norm1
        in_layers.2 = conv1
        emb_layers.1 = time_emb_proj
        out_layers.0 = norm2
        out_layers.3 = conv2
        skip_connection = conv_shortcut
        """;

    public const string Autoencoder = """
        encoder.conv_in = encoder.conv_in
        encoder.down.0.block.0 = encoder.down_blocks.0.resnets.0
        encoder.down.0.downsample.conv = encoder.down_blocks.0.downsamplers.0.conv
        encoder.down.1.block.0 = encoder.down_blocks.1.resnets.0
        encoder.down.1.downsample.conv = encoder.down_blocks.1.downsamplers.0.conv
        encoder.down.2.block.0 = encoder.down_blocks.2.resnets.0
        encoder.down.2.downsample.conv = encoder.down_blocks.2.downsamplers.0.conv
        encoder.down.3.block.0 = encoder.down_blocks.3.resnets.0
        encoder.mid.block_1 = encoder.mid_block.resnets.0
        encoder.mid.attn_1 = encoder.mid_block.attentions.0
        encoder.mid.block_2 = encoder.mid_block.resnets.1
        encoder.norm_out = encoder.conv_norm_out
        encoder.conv_out = encoder.conv_out
        decoder.conv_in = decoder.conv_in
        decoder.mid.block_1 = decoder.mid_block.resnets.0
        decoder.mid.attn_1 = decoder.mid_block.attentions.0
        decoder.mid.block_2 = decoder.mid_block.resnets.1
        decoder.up.3.block.0 = decoder.up_blocks.0.resnets.0
        decoder.up.3.block.1 = decoder.up_blocks.0.resnets.1
        decoder.up.3.upsample.conv = decoder.up_blocks.0.upsamplers.0.conv
        decoder.up.2.block.0 = decoder.up_blocks.1.resnets.0
        decoder.up.2.block.1 = decoder.up_blocks.1.resnets.1
        decoder.up.2.upsample.conv = decoder.up_blocks.1.upsamplers.0.conv
        decoder.up.1.block.0 = decoder.up_blocks.2.resnets.0
        decoder.up.1.block.1 = decoder.up_blocks.2.resnets.1
        decoder.up.1.upsample.conv = decoder.up_blocks.2.upsamplers.0.conv
        decoder.up.0.block.0 = decoder.up_blocks.3.resnets.0
        decoder.up.0.block.1 = decoder.up_blocks.3.resnets.1
        decoder.norm_out = decoder.conv_norm_out
        decoder.conv_out = decoder.conv_out
        quant_conv = quant_conv
        post_quant_conv = post_quant_conv
        """;

    /// <summary>Of the attention too, whose layers are convolutions.</summary>
    public const string AutoencoderResnet = """
        nin_shortcut = conv_shortcut
        norm = group_norm
        q = to_q
        k = to_k
        v = to_v
        proj_out = to_out.0
        """;
}
