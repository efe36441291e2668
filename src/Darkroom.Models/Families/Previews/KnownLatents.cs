using Darkroom.Models.Catalog;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families.Previews;

/// <summary>The latents of a family's own autoencoder, whose colours are known without its decoder.</summary>
/// <param name="Channels">Of the latents.</param>
/// <param name="ScalingFactor">What a folder without the autoencoder's configuration gets.</param>
/// <param name="Preview">From latents to colours.</param>
public sealed record KnownLatents(int Channels, double ScalingFactor, LinearPreview Preview)
{
    /// <summary>A model's preview: these are known by their channels and scale; other latents are shown by the decoder, null where that is not cheap.</summary>
    internal ILatentPreview? PreviewOf(ModelDescription description, string folder, GraphTelemetry? telemetry) =>
        (description.PictureChannels, description.LatentChannels, description.Autoencoder.ScalingFactor) == (3, Channels, ScalingFactor)
            ? Preview
            : DecoderPreview.Of(folder, description, telemetry);
}
