using Darkroom.Models.Checkpoints.Names;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks.Transformers;

namespace Darkroom.Models.Checkpoints;

/// <summary>What a checkpoint's tensors say that it is: the names of its denoiser's, and their shapes.</summary>
/// <param name="Family">As people know it.</param>
/// <param name="Folder">The configurations that ship for it; null where there are none.</param>
/// <param name="InChannels">Channels that the denoiser is given.</param>
internal sealed record CheckpointKind(string Family, string? Folder, int InChannels)
{
    /// <summary>What stands before the names of a whole model's denoiser.</summary>
    public const string Denoiser = "model.diffusion_model.";

    private const string Input = Denoiser + "input_blocks.0.0.weight", Guided = Denoiser + "time_embed.cond_proj.weight";

    /// <summary>Latents, and those of the picture that is edited by instruction.</summary>
    private const int EditingChannels = 8;

    /// <summary>Channels of the finest level of all published U-Nets with a text.</summary>
    private const int PublishedChannels = 320;

    /// <summary>Stable Diffusion 3 in the sizes that are published: medium, 3.5 medium, 3.5 large.</summary>
    private static readonly (int Layers, int Heads, int Patches, bool Norms, int Dual)[] PublishedSizes3 =
        [(24, 24, 192, false, 0), (24, 24, 384, true, 13), (38, 38, 192, true, 0)];

    /// <summary>What stands before the names of its denoiser: some files of a transformer have nothing there.</summary>
    public string Prefix { get; private init; } = Denoiser;

    /// <summary>Of FLUX.1: how its transformer is built.</summary>
    public FluxShape? Flux { get; private init; }

    /// <summary>Of Stable Diffusion 3: how its transformer is built.</summary>
    public StableDiffusion3Shape? StableDiffusion3 { get; private init; }

    /// <summary>What its transformer's authors call the layers; null: it has a U-Net.</summary>
    public TransformerNames? Transformer => Flux is not null ? FluxNames.All : StableDiffusion3 is not null ? StableDiffusion3Names.All : null;

    /// <summary>Of a transformer's sequences.</summary>
    public int Width => Flux?.Width ?? StableDiffusion3?.Width ?? 0;

    /// <summary>Whether its U-Net takes the guidance scale as an input: a latent consistency model.</summary>
    public bool IsGuided { get; private init; }

    /// <summary>How many of the file's levels there are, and resnets of each on the way down.</summary>
    public (int Levels, int Layers) Levels { get; private init; }

    /// <summary>diffusers' name of what the denoiser predicts, where the file tells; null: what the configuration says.</summary>
    public string? Prediction { get; private init; }

    /// <summary>Whether its noise schedule was scaled to end in noise alone.</summary>
    public bool ZeroTerminalSnr { get; private init; }

    /// <summary>Null where the file is no model that is known; <paramref name="reason"/> says what it seems to be.</summary>
    public static CheckpointKind? Of(SafetensorsFile file, out string reason)
    {
        reason = "";
        var tensors = file.Tensors;
        if (tensors.GetValueOrDefault(Input) is { Shape: [var channels, var given, _, _] })
        {
            var levels = UNetNames.LevelsOf(tensors.Keys, Denoiser);
            long? text = tensors
                .Where(one => one.Key.StartsWith(Denoiser, StringComparison.Ordinal) && one.Key.EndsWith("attn2.to_k.weight", StringComparison.Ordinal))
                .Select(one => (long?)one.Value.Shape.ElementAtOrDefault(1)).FirstOrDefault();
            bool added = tensors.ContainsKey(Denoiser + "label_emb.0.0.weight"), open = tensors.ContainsKey("cond_stage_model.model.ln_final.weight");
            string family = added ? "stable-diffusion-xl" : open ? "stable-diffusion-2" : "stable-diffusion-1";
            bool guided = tensors.ContainsKey(Guided), published = channels == PublishedChannels && text == (added ? 2048 : open ? 1024 : 768);
            string? folder = !published ? null
                : family != "stable-diffusion-1" ? guided ? null : family
                : guided ? "latent-consistency" : given == EditingChannels ? "instruct-pix2pix" : family;
            return new(family, folder, (int)given)
            {
                IsGuided = guided,
                Levels = levels,
                // Marks that trainers leave in files of SDXL.
                Prediction = tensors.ContainsKey("v_pred") ? "v_prediction"
                    : family == "stable-diffusion-2" && given == 4 && published ? PredictionOf(tensors) : null,
                ZeroTerminalSnr = tensors.ContainsKey("ztsnr"),
            };
        }
        if (((string[])[Denoiser, ""]).Select(prefix => TransformerOf(tensors, prefix)).FirstOrDefault(kind => kind is not null) is { } transformer)
            return transformer;
        reason = Guess(tensors.Keys);
        return null;
    }

    private static CheckpointKind? TransformerOf(IReadOnlyDictionary<string, StoredTensor> tensors, string prefix)
    {
        var sizes = new TransformerSizes(tensors, prefix);
        if (sizes.StableDiffusion3() is { } third)
        {
            bool published = third is { Channels: 16, PatchSize: 2, TextWidth: 4096, PooledWidth: 2048 }
                && PublishedSizes3.Contains((third.Layers, third.Heads, third.MaxPatches, third.NormalisesQueries, third.DualLayers.Count));
            return new("stable-diffusion-3", published ? "stable-diffusion-3" : null, third.Channels) { Prefix = prefix, StableDiffusion3 = third };
        }
        if (sizes.Flux() is not { } flux) return null;
        bool usual = flux is { OutChannels: 64, Layers: 19, SingleLayers: 38, Heads: 24, HeadWidth: 128, TextWidth: 4096, PooledWidth: 768 };
        string name = flux.TakesGuidance ? "flux-1-dev" : "flux-1-schnell";
        return new(name, usual ? name : null, flux.InChannels / 4) { Prefix = prefix, Flux = flux };
    }

    /// <summary>
    /// Two networks of Stable Diffusion 2 have the same names and shapes. Of those that predict v the biases of the last block's first norm are spread wider:
    /// a deviation above 0.09 in the published ones (ComfyUI tells them by the same number).
    /// </summary>
    private static string? PredictionOf(IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        const double Between = 0.09;
        if (tensors.GetValueOrDefault(Denoiser + "output_blocks.11.1.transformer_blocks.0.norm1.bias") is not { Count: > 0 and < 1 << 20 } bias) return null;
        float[] values = bias.ReadFloats();
        double mean = values.Average(static value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) > Between ? "v_prediction" : "epsilon";
    }

    /// <summary>What a file that is no such checkpoint seems to be.</summary>
    private static string Guess(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return Has("lora_unet") || Has("lora_te") || Has(".lora_") || Has("lora.down") ? "is a LoRA, which belongs in the folder loras"
            : Has("emb_params") || Has("clip_l") || Has("string_to_param") ? "is a textual inversion, which belongs in the folder embeddings"
            : Has("input_hint_block") || Has("controlnet_cond_embedding") ? "is a ControlNet, which belongs in the folder controlnets"
            : Has("joint_blocks.") ? "has blocks as Stable Diffusion 3 has them, but not all of its other layers: that model is not known"
            : Has("double_blocks.") ? "has blocks as FLUX.1 has them, but not all of its other layers: that model is not known"
            : Has("transformer_blocks.0.attn.to_q.") ? "is a transformer alone in diffusers' names, which belongs in the folder 'transformer' of a whole model"
            : Has("input_blocks.") || Has("down_blocks.") ? "is a U-Net alone: a whole checkpoint also has its text encoder and its autoencoder"
            : Has("decoder.up.") || Has("decoder.up_blocks.") ? "is an autoencoder alone, which belongs in the folder vae"
            : "has tensors of no model that is known";

        bool Has(string part) => Array.Exists(all, name => name.Contains(part, StringComparison.Ordinal));
    }
}
