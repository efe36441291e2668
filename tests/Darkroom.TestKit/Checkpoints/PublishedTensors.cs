namespace Darkroom.TestKit.Checkpoints;

/// <summary>Names and shapes of the tensors in published checkpoints, put together as LDM's and SGM's own modules put them together.</summary>
public static class PublishedTensors
{
    /// <param name="channels">9 for inpainting, 8 for editing by instruction.</param>
    /// <param name="guidance">Features of the guidance scale, in a latent consistency model.</param>
    public static IEnumerable<(string Name, long[] Shape)> StableDiffusion1(int channels = 4, int? guidance = null) =>
    [
        .. guidance is { } features ? [("model.diffusion_model.time_embed.cond_proj.weight", [320, features])] : (IEnumerable<(string, long[])>)[],
        .. UNet(channels, [1, 2, 4, 4], [1, 1, 1, 0], 768, linear: false, added: null), .. Autoencoder(), .. Clip("cond_stage_model.transformer.", 768, 12),
    ];

    public static IEnumerable<(string Name, long[] Shape)> StableDiffusion2(int channels = 4) =>
    [
        .. UNet(channels, [1, 2, 4, 4], [1, 1, 1, 0], 1024, linear: true, added: null), .. Autoencoder(), .. OpenClip("cond_stage_model.model.", 1024, 24),
    ];

    public static IEnumerable<(string Name, long[] Shape)> StableDiffusionXl() =>
    [
        .. UNet(4, [1, 2, 4], [0, 2, 10], 2048, linear: true, added: 2816), .. Autoencoder(),
        .. Clip("conditioner.embedders.0.transformer.", 768, 12), .. OpenClip("conditioner.embedders.1.model.", 1280, 32),
    ];

    /// <summary>
    /// A ControlNet of Stable Diffusion 1 or 2 or of SDXL: half of the U-Net, eight convolutions over the picture, and one for each residual.
    /// </summary>
    /// <param name="text">768, 1024 or 2048.</param>
    /// <param name="prefix">Before each name.</param>
    public static IEnumerable<(string Name, long[] Shape)> ControlNet(int text, string prefix = "control_model.")
    {
        const string P = "model.diffusion_model.";
        bool large = text == 2048;
        foreach (var (name, shape) in UNet(4, large ? [1, 2, 4] : [1, 2, 4, 4], large ? [0, 2, 10] : [1, 1, 1, 0], text, text != 768, large ? 2816 : null))
            if (!name.StartsWith(P + "out", StringComparison.Ordinal)) yield return (prefix + name[P.Length..], shape);
        int[] picture = [3, 16, 16, 32, 32, 96, 96, 256, 320];
        for (int i = 0; i < 8; i++)
            foreach (var tensor in Conv($"{prefix}input_hint_block.{2 * i}", picture[i + 1], picture[i], 3)) yield return tensor;
        int[] around = large ? [320, 320, 320, 320, 640, 640, 640, 1280, 1280] : [320, 320, 320, 320, 640, 640, 640, 1280, 1280, 1280, 1280, 1280];
        for (int i = 0; i < around.Length; i++)
            foreach (var tensor in Conv($"{prefix}zero_convs.{i}.0", around[i], around[i], 1)) yield return tensor;
        foreach (var tensor in Conv($"{prefix}middle_block_out.0", 1280, 1280, 1)) yield return tensor;

        static (string, long[])[] Conv(string name, int outputs, int inputs, int side) =>
            [($"{name}.weight", [outputs, inputs, side, side]), ($"{name}.bias", [outputs])];
    }

    private static IEnumerable<(string, long[])> UNet(int channels, int[] multiples, int[] depths, int text, bool linear, int? added)
    {
        const string P = "model.diffusion_model.";
        const int Base = 320, Time = 4 * Base, Layers = 2;
        var all = new List<(string, long[])>();
        Linear($"{P}time_embed.0", Time, Base);
        Linear($"{P}time_embed.2", Time, Time);
        if (added is { } given)
        {
            Linear($"{P}label_emb.0.0", Time, given);
            Linear($"{P}label_emb.0.2", Time, Time);
        }
        Conv($"{P}input_blocks.0.0", Base, channels, 3);
        var around = new Stack<int>([Base]);
        int index = 1, now = Base;
        for (int level = 0; level < multiples.Length; level++)
        {
            for (int i = 0; i < Layers; i++, index++)
            {
                Resnet($"{P}input_blocks.{index}.0", now, now = Base * multiples[level]);
                if (depths[level] > 0) Transformer($"{P}input_blocks.{index}.1", now, depths[level]);
                around.Push(now);
            }
            if (level == multiples.Length - 1) continue;
            Conv($"{P}input_blocks.{index++}.0.op", now, now, 3);
            around.Push(now);
        }
        Resnet($"{P}middle_block.0", now, now);
        Transformer($"{P}middle_block.1", now, depths[^1] > 0 ? depths[^1] : 1);
        Resnet($"{P}middle_block.2", now, now);
        index = 0;
        for (int level = multiples.Length - 1; level >= 0; level--)
        {
            for (int i = 0; i <= Layers; i++, index++)
            {
                Resnet($"{P}output_blocks.{index}.0", now + around.Pop(), now = Base * multiples[level]);
                if (depths[level] > 0) Transformer($"{P}output_blocks.{index}.1", now, depths[level]);
                if (level > 0 && i == Layers) Conv($"{P}output_blocks.{index}.{(depths[level] > 0 ? 2 : 1)}.conv", now, now, 3);
            }
        }
        Norm($"{P}out.0", Base);
        Conv($"{P}out.2", 4, Base, 3);
        return all;

        void Resnet(string name, int from, int to)
        {
            Norm($"{name}.in_layers.0", from);
            Conv($"{name}.in_layers.2", to, from, 3);
            Linear($"{name}.emb_layers.1", to, Time);
            Norm($"{name}.out_layers.0", to);
            Conv($"{name}.out_layers.3", to, to, 3);
            if (from != to) Conv($"{name}.skip_connection", to, from, 1);
        }

        void Transformer(string name, int width, int depth)
        {
            Norm($"{name}.norm", width);
            Projection($"{name}.proj_in");
            for (int i = 0; i < depth; i++)
            {
                string block = $"{name}.transformer_blocks.{i}";
                for (int which = 1; which <= 2; which++)
                {
                    foreach (string part in (string[])["to_q", "to_k", "to_v"])
                        all.Add(($"{block}.attn{which}.{part}.weight", [width, which == 2 && part != "to_q" ? text : width]));
                    Linear($"{block}.attn{which}.to_out.0", width, width);
                }
                Linear($"{block}.ff.net.0.proj", 8 * width, width);
                Linear($"{block}.ff.net.2", width, 4 * width);
                for (int norm = 1; norm <= 3; norm++) Norm($"{block}.norm{norm}", width);
            }
            Projection($"{name}.proj_out");

            void Projection(string layer)
            {
                if (linear) Linear(layer, width, width);
                else Conv(layer, width, width, 1);
            }
        }

        void Linear(string name, int outputs, int inputs) => all.AddRange([($"{name}.weight", [outputs, inputs]), ($"{name}.bias", [outputs])]);
        void Conv(string name, int outputs, int inputs, int side) =>
            all.AddRange([($"{name}.weight", [outputs, inputs, side, side]), ($"{name}.bias", [outputs])]);
        void Norm(string name, int width) => all.AddRange([($"{name}.weight", [width]), ($"{name}.bias", [width])]);
    }

    internal static IEnumerable<(string, long[])> Autoencoder(string prefix = "first_stage_model.", int latents = 4, bool quantises = true)
    {
        int[] channels = [128, 256, 512, 512];
        var all = new List<(string, long[])>();
        Conv("encoder.conv_in", 128, 3, 3);
        int now = 128;
        for (int level = 0; level < 4; level++)
        {
            for (int i = 0; i < 2; i++) Block($"encoder.down.{level}.block.{i}", now, now = channels[level]);
            if (level < 3) Conv($"encoder.down.{level}.downsample.conv", now, now, 3);
        }
        Middle("encoder");
        Norm("encoder.norm_out", 512);
        Conv("encoder.conv_out", 2 * latents, 512, 3);
        Conv("decoder.conv_in", 512, latents, 3);
        Middle("decoder");
        now = 512;
        for (int level = 3; level >= 0; level--)
        {
            for (int i = 0; i < 3; i++) Block($"decoder.up.{level}.block.{i}", now, now = channels[level]);
            if (level > 0) Conv($"decoder.up.{level}.upsample.conv", now, now, 3);
        }
        Norm("decoder.norm_out", 128);
        Conv("decoder.conv_out", 3, 128, 3);
        if (quantises) Conv("quant_conv", 8, 8, 1);
        if (quantises) Conv("post_quant_conv", 4, 4, 1);
        return all;

        void Middle(string half)
        {
            Block($"{half}.mid.block_1", 512, 512);
            Norm($"{half}.mid.attn_1.norm", 512);
            foreach (string part in (string[])["q", "k", "v", "proj_out"]) Conv($"{half}.mid.attn_1.{part}", 512, 512, 1);
            Block($"{half}.mid.block_2", 512, 512);
        }

        void Block(string name, int from, int to)
        {
            Norm($"{name}.norm1", from);
            Conv($"{name}.conv1", to, from, 3);
            Norm($"{name}.norm2", to);
            Conv($"{name}.conv2", to, to, 3);
            if (from != to) Conv($"{name}.nin_shortcut", to, from, 1);
        }

        void Conv(string name, int outputs, int inputs, int side) =>
            all.AddRange([($"{prefix}{name}.weight", [outputs, inputs, side, side]), ($"{prefix}{name}.bias", [outputs])]);
        void Norm(string name, int width) => all.AddRange([($"{prefix}{name}.weight", [width]), ($"{prefix}{name}.bias", [width])]);
    }

    internal static IEnumerable<(string, long[])> Clip(string prefix, int width, int layers)
    {
        string model = prefix + "text_model.";
        yield return (model + "embeddings.token_embedding.weight", [49408, width]);
        yield return (model + "embeddings.position_embedding.weight", [77, width]);
        for (int i = 0; i < layers; i++)
        {
            string layer = $"{model}encoder.layers.{i}.";
            foreach (string part in (string[])["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj"])
            {
                yield return ($"{layer}{part}.weight", [width, width]);
                yield return ($"{layer}{part}.bias", [width]);
            }
            foreach (string norm in (string[])["layer_norm1", "layer_norm2"])
            {
                yield return ($"{layer}{norm}.weight", [width]);
                yield return ($"{layer}{norm}.bias", [width]);
            }
            yield return ($"{layer}mlp.fc1.weight", [4 * width, width]);
            yield return ($"{layer}mlp.fc1.bias", [4 * width]);
            yield return ($"{layer}mlp.fc2.weight", [width, 4 * width]);
            yield return ($"{layer}mlp.fc2.bias", [width]);
        }
        yield return (model + "final_layer_norm.weight", [width]);
        yield return (model + "final_layer_norm.bias", [width]);
    }

    private static IEnumerable<(string, long[])> OpenClip(string prefix, int width, int layers)
    {
        yield return (prefix + "positional_embedding", [77, width]);
        yield return (prefix + "text_projection", [width, width]);
        yield return (prefix + "token_embedding.weight", [49408, width]);
        yield return (prefix + "logit_scale", []);
        for (int i = 0; i < layers; i++)
        {
            string block = $"{prefix}transformer.resblocks.{i}.";
            yield return ($"{block}attn.in_proj_weight", [3 * width, width]);
            yield return ($"{block}attn.in_proj_bias", [3 * width]);
            yield return ($"{block}attn.out_proj.weight", [width, width]);
            yield return ($"{block}attn.out_proj.bias", [width]);
            foreach (string norm in (string[])["ln_1", "ln_2"])
            {
                yield return ($"{block}{norm}.weight", [width]);
                yield return ($"{block}{norm}.bias", [width]);
            }
            yield return ($"{block}mlp.c_fc.weight", [4 * width, width]);
            yield return ($"{block}mlp.c_fc.bias", [4 * width]);
            yield return ($"{block}mlp.c_proj.weight", [width, 4 * width]);
            yield return ($"{block}mlp.c_proj.bias", [width]);
        }
        yield return (prefix + "ln_final.weight", [width]);
        yield return (prefix + "ln_final.bias", [width]);
    }
}
