namespace Darkroom.TestKit.Checkpoints;

/// <summary>
/// Names and shapes of the tensors in published checkpoints with a transformer, put together as Stability's and BFL's own modules put them together.
/// </summary>
public static class PublishedTransformers
{
    /// <summary>What stands before a transformer's names in a whole checkpoint.</summary>
    public const string Prefix = "model.diffusion_model.";

    public static IEnumerable<(string Name, long[] Shape)> StableDiffusion3Medium() => [.. Joint(24, 24, 192, norms: false, dual: 0), .. Beside3()];

    public static IEnumerable<(string Name, long[] Shape)> StableDiffusion35Medium() => [.. Joint(24, 24, 384, norms: true, dual: 13), .. Beside3()];

    public static IEnumerable<(string Name, long[] Shape)> StableDiffusion35Large() => [.. Joint(38, 38, 192, norms: true, dual: 0), .. Beside3()];

    /// <summary>As ComfyUI distributes it.</summary>
    /// <param name="guidance">dev; else schnell.</param>
    public static IEnumerable<(string Name, long[] Shape)> Flux(bool guidance, string prefix = Prefix) =>
    [
        .. FluxTransformer(guidance, prefix), .. PublishedTensors.Autoencoder("vae.", latents: 16, quantises: false),
        .. PublishedTensors.Clip("text_encoders.clip_l.transformer.", 768, 12), .. T5(),
    ];

    /// <summary>The encoder of T5 XXL.</summary>
    public static IEnumerable<(string Name, long[] Shape)> T5()
    {
        const string P = "text_encoders.t5xxl.transformer.";
        yield return (P + "shared.weight", [32128, 4096]);
        for (int i = 0; i < 24; i++)
        {
            string block = $"{P}encoder.block.{i}.layer.";
            foreach (string layer in (string[])["q", "k", "v", "o"]) yield return ($"{block}0.SelfAttention.{layer}.weight", [4096, 4096]);
            if (i == 0) yield return (block + "0.SelfAttention.relative_attention_bias.weight", [32, 64]);
            yield return (block + "0.layer_norm.weight", [4096]);
            yield return (block + "1.DenseReluDense.wi_0.weight", [10240, 4096]);
            yield return (block + "1.DenseReluDense.wi_1.weight", [10240, 4096]);
            yield return (block + "1.DenseReluDense.wo.weight", [4096, 10240]);
            yield return (block + "1.layer_norm.weight", [4096]);
        }
        yield return (P + "encoder.final_layer_norm.weight", [4096]);
    }

    /// <summary>The autoencoder and both of CLIP's encoders, the first without a projection.</summary>
    private static IEnumerable<(string, long[])> Beside3() =>
    [
        .. PublishedTensors.Autoencoder("first_stage_model.", latents: 16, quantises: false),
        .. PublishedTensors.Clip("text_encoders.clip_l.transformer.", 768, 12),
        .. PublishedTensors.Clip("text_encoders.clip_g.transformer.", 1280, 32), ("text_encoders.clip_g.transformer.text_projection.weight", [1280, 1280]),
    ];

    private static List<(string, long[])> Joint(int layers, int heads, int patches, bool norms, int dual)
    {
        int width = 64 * heads;
        var all = new List<(string, long[])> { (Prefix + "pos_embed", [1, patches * patches, width]) };
        all.AddRange([(Prefix + "x_embedder.proj.weight", [width, 16, 2, 2]), (Prefix + "x_embedder.proj.bias", [width])]);
        Linear("context_embedder", width, 4096);
        Linear("t_embedder.mlp.0", width, 256);
        Linear("t_embedder.mlp.2", width, width);
        Linear("y_embedder.mlp.0", width, 2048);
        Linear("y_embedder.mlp.2", width, width);
        for (int i = 0; i < layers; i++)
        {
            bool last = i == layers - 1;
            string block = $"joint_blocks.{i}.";
            Linear(block + "context_block.adaLN_modulation.1", (last ? 2 : 6) * width, width);
            Attention(block + "context_block.attn", last);
            Linear(block + "x_block.adaLN_modulation.1", (i < dual ? 9 : 6) * width, width);
            Attention(block + "x_block.attn");
            if (i < dual) Attention(block + "x_block.attn2");
            foreach (string stream in (string[])(last ? ["x_block"] : ["context_block", "x_block"]))
            {
                Linear($"{block}{stream}.mlp.fc1", 4 * width, width);
                Linear($"{block}{stream}.mlp.fc2", width, 4 * width);
            }
        }
        Linear("final_layer.adaLN_modulation.1", 2 * width, width);
        Linear("final_layer.linear", 64, width);
        return all;

        void Attention(string name, bool queriedAlone = false)
        {
            Linear(name + ".qkv", 3 * width, width);
            if (!queriedAlone) Linear(name + ".proj", width, width);
            if (norms) all.AddRange([($"{Prefix}{name}.ln_q.weight", [64]), ($"{Prefix}{name}.ln_k.weight", [64])]);
        }

        void Linear(string name, int outputs, int inputs) =>
            all.AddRange([($"{Prefix}{name}.weight", [outputs, inputs]), ($"{Prefix}{name}.bias", [outputs])]);
    }

    private static List<(string, long[])> FluxTransformer(bool guidance, string prefix)
    {
        const int Width = 3072, Head = 128;
        var all = new List<(string, long[])>();
        Linear("img_in", Width, 64);
        Linear("txt_in", Width, 4096);
        foreach (var (name, inputs) in ((string, int)[])[("time_in", 256), ("vector_in", 768), .. guidance ? [("guidance_in", 256)] : ((string, int)[])[]])
        {
            Linear(name + ".in_layer", Width, inputs);
            Linear(name + ".out_layer", Width, Width);
        }
        for (int i = 0; i < 19; i++)
            foreach (string stream in (string[])["img", "txt"])
            {
                string name = $"double_blocks.{i}.{stream}";
                Linear(name + "_mod.lin", 6 * Width, Width);
                Linear(name + "_attn.qkv", 3 * Width, Width);
                Norms(name + "_attn.norm");
                Linear(name + "_attn.proj", Width, Width);
                Linear(name + "_mlp.0", 4 * Width, Width);
                Linear(name + "_mlp.2", Width, 4 * Width);
            }
        for (int i = 0; i < 38; i++)
        {
            string name = $"single_blocks.{i}.";
            Linear(name + "modulation.lin", 3 * Width, Width);
            Linear(name + "linear1", 7 * Width, Width);
            Linear(name + "linear2", Width, 5 * Width);
            Norms(name + "norm");
        }
        Linear("final_layer.adaLN_modulation.1", 2 * Width, Width);
        Linear("final_layer.linear", 64, Width);
        return all;

        void Norms(string name) => all.AddRange([($"{prefix}{name}.query_norm.scale", [Head]), ($"{prefix}{name}.key_norm.scale", [Head])]);

        void Linear(string name, int outputs, int inputs) =>
            all.AddRange([($"{prefix}{name}.weight", [outputs, inputs]), ($"{prefix}{name}.bias", [outputs])]);
    }
}
