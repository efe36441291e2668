using Darkroom.Models.Catalog.Json;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>What <c>unet/config.json</c> says; defaults are Stable Diffusion 1's, whose old exports have no such file.</summary>
/// <param name="InChannels">Channels that the U-Net is given; null where the file does not say.</param>
/// <param name="OutChannels">Channels that it gives.</param>
/// <param name="Levels">Resolutions it works at, each half of the one above.</param>
/// <param name="SampleSize">Latent cells of a side it was trained at; null where the file does not say.</param>
/// <param name="ContextWidth">Width of the text encoder's output that it attends to.</param>
/// <param name="Finest">Its finest level, for estimates.</param>
internal sealed record DenoiserConfig(int? InChannels, int? OutChannels, int Levels, int? SampleSize, int? ContextWidth, DenoiserSize Finest)
{
    public const string Name = "unet/config.json";
    private const int StandardLevels = 4, MostLevels = 8;

    public static DenoiserConfig Read(string root, FaultList faults)
    {
        if (JsonFile.Read(root, Name, faults, required: false) is not { } fields) return new(null, null, StandardLevels, null, null, new DenoiserSize(8, 320));
        var channels = fields.Sizes("block_out_channels", 1 << 16);
        int? levels = channels?.Count;
        if (levels > MostLevels)
        {
            fields.Fault("block_out_channels", $"{levels} levels, at most {MostLevels} are possible");
            levels = null;
        }
        // These change what the graph must be given; a Stable Diffusion U-Net has none of them.
        Refuse("addition_embed_type", "a U-Net with pooled text or size inputs (Stable Diffusion XL) is not supported yet");
        Refuse("time_cond_proj_dim", "a U-Net with guidance as an input (latent consistency) is not supported yet");
        Refuse("class_embed_type", "a U-Net with class labels is not supported yet");
        Refuse("num_class_embeds", "a U-Net with class labels is not supported yet");
        Refuse("encoder_hid_dim_type", "a U-Net with its own text projection is not supported yet");
        return new(
            fields.Integer("in_channels", 1, 4096),
            fields.Integer("out_channels", 1, 4096),
            levels ?? StandardLevels,
            fields.Sizes("sample_size", 1 << 16)?.Max(),
            fields.Sizes("cross_attention_dim", 1 << 16)?.Max(),
            // diffusers' U-Nets call their number of heads attention_head_dim.
            new DenoiserSize((fields.Sizes("num_attention_heads", 1 << 10) ?? fields.Sizes("attention_head_dim", 1 << 10))?[0] ?? 8, channels?[0] ?? 320));

        void Refuse(string key, string reason)
        {
            if (fields.Has(key)) fields.Fault(key, reason);
        }
    }

    /// <summary>Whether the U-Net takes the latents alone; faults name what else it wants.</summary>
    public void CheckAgainst(int latentChannels, int? textWidth, FaultList faults)
    {
        string? channels = InChannels is not { } given || given == latentChannels || given == 2 * latentChannels + 1 ? null
            : given == 2 * latentChannels ? $"U-Net with {given} channels, for editing by instruction: not supported yet"
            : $"{given} channels, but the latents have {latentChannels}";
        if (channels is not null) faults.Add(Name, "in_channels: " + channels);
        if (OutChannels is { } gives && gives != latentChannels) faults.Add(Name, $"out_channels: {gives} channels, but the latents have {latentChannels}");
        if (ContextWidth is { } width && textWidth is { } text && width != text)
            faults.Add(Name, $"cross_attention_dim: {width}, but the text encoder gives {text}");
    }
}
