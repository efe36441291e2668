using Darkroom.Models.Catalog;
using Darkroom.Models.Files;

namespace Darkroom.Models.Families;

/// <summary>What the autoencoder's <c>config.json</c> says; old exports have no such file.</summary>
/// <param name="Channels">Channels of the latents; null where the file does not say.</param>
/// <param name="Factor">Pixels per latent cell along a side.</param>
/// <param name="Scale">What stands between the denoiser's latents and these.</param>
/// <param name="FinestChannels">Channels of the decoder's finest level.</param>
internal sealed record AutoencoderConfig(int? Channels, int Factor, AutoencoderScale Scale, int FinestChannels)
{
    /// <summary>Channels of the decoder's widest tensor of the picture's size.</summary>
    public int WidestChannels { get; init; } = FinestChannels;

    /// <summary>Channels of the pictures: 3 for colours.</summary>
    public int PictureChannels { get; init; } = 3;

    /// <summary>Channels of a picture, at most.</summary>
    public const int MaxPictureChannels = 16;

    private const int MaxLevels = 8, UnstatedLevels = 4, UnstatedChannels = 128;

    /// <summary>Of a model that has none: a latent is a pixel.</summary>
    public static AutoencoderConfig Pixels(int? channels) => new(channels ?? 3, 1, new(), channels ?? 3) { PictureChannels = channels ?? 3 };

    /// <param name="unstatedScale">The family's scaling factor, for a folder that does not say.</param>
    public static AutoencoderConfig Read(string root, double unstatedScale, FaultList faults)
    {
        var fields = ((string[])["vae_decoder", "vae", "vae_encoder"])
            .Select(part => JsonFile.Read(root, $"{part}/config.json", faults, required: false))
            .FirstOrDefault(found => found is not null);
        return fields is null ? Unstated(unstatedScale) : Of(fields, unstatedScale);
    }

    /// <summary>Of an autoencoder without a configuration.</summary>
    public static AutoencoderConfig Unstated(double scale) => new(null, 1 << (UnstatedLevels - 1), new() { ScalingFactor = scale }, UnstatedChannels)
    {
        WidestChannels = 2 * UnstatedChannels,
    };

    /// <param name="fields">Of a <c>config.json</c>.</param>
    /// <param name="unstatedScale">The scaling factor where it does not say.</param>
    public static AutoencoderConfig Of(JsonFields fields, double unstatedScale)
    {
        var channels = fields.Sizes("block_out_channels", 1 << 16);
        int? levels = channels?.Count;
        if (levels > MaxLevels)
        {
            fields.Fault("block_out_channels", $"{levels} levels, at most {MaxLevels} are possible");
            levels = null;
        }
        double? scaling = fields.Number("scaling_factor", -1e6, 1e6);
        if (scaling == 0) fields.Fault("scaling_factor", "0 would erase the latents");
        foreach (string key in (string[])["latents_mean", "latents_std"])
            if (fields.Has(key))
                fields.Fault(key, "latents normalised channel by channel are not supported yet");
        var (sent, made) = (fields.Integer("in_channels", 1, MaxPictureChannels), fields.Integer("out_channels", 1, MaxPictureChannels));
        if (sent is not null && made is not null && sent != made)
            fields.Fault("out_channels", $"{made} channels, but pictures of {sent} are encoded (in_channels)");
        return new(
            fields.Integer("latent_channels", 1, 1024),
            1 << ((levels ?? UnstatedLevels) - 1),
            new() { ScalingFactor = scaling ?? unstatedScale, ShiftFactor = fields.Number("shift_factor", -1e6, 1e6) ?? 0 },
            channels?[0] ?? UnstatedChannels)
        {
            WidestChannels = channels is null ? 2 * UnstatedChannels : channels.Take(2).Max(),
            PictureChannels = made ?? sent ?? 3,
        };
    }
}
