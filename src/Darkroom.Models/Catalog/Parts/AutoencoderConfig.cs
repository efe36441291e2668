using Darkroom.Models.Catalog.Json;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>What the autoencoder's <c>config.json</c> says; defaults are Stable Diffusion 1's, whose old exports have no such file.</summary>
/// <param name="Channels">Channels of the latents; null where the file does not say.</param>
/// <param name="Factor">Pixels per latent cell along a side.</param>
/// <param name="Scale">What stands between the denoiser's latents and these.</param>
/// <param name="FinestChannels">Channels of the decoder's finest level.</param>
internal sealed record AutoencoderConfig(int? Channels, int Factor, AutoencoderScale Scale, int FinestChannels)
{
    private const int MostLevels = 8;

    public static AutoencoderConfig Read(string root, FaultList faults)
    {
        var fields = ((string[])["vae_decoder", "vae", "vae_encoder"])
            .Select(part => JsonFile.Read(root, $"{part}/config.json", faults, required: false))
            .FirstOrDefault(found => found is not null);
        if (fields is null) return new(null, 8, new(), 128);
        var channels = fields.Sizes("block_out_channels", 1 << 16);
        int? levels = channels?.Count;
        if (levels > MostLevels)
        {
            fields.Fault("block_out_channels", $"{levels} levels, at most {MostLevels} are possible");
            levels = null;
        }
        double? scaling = fields.Number("scaling_factor", -1e6, 1e6);
        if (scaling == 0) fields.Fault("scaling_factor", "0 would erase the latents");
        foreach (string key in (string[])["latents_mean", "latents_std"])
            if (fields.Has(key))
                fields.Fault(key, "latents normalised channel by channel are not supported yet");
        return new(
            fields.Integer("latent_channels", 1, 1024),
            1 << ((levels ?? 4) - 1),
            new() { ScalingFactor = scaling ?? AutoencoderScale.StableDiffusion, ShiftFactor = fields.Number("shift_factor", -1e6, 1e6) ?? 0 },
            channels?[0] ?? 128);
    }
}
