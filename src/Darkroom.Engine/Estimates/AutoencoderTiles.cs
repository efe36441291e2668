using Darkroom.Imaging.Tiles;
using Darkroom.Models.Catalog;

namespace Darkroom.Engine.Estimates;

/// <summary>
/// How an autoencoder takes a picture whose whole would need more memory than there is: in overlapping tiles, as large as fit. It follows from the picture's
/// size and the settings alone, so that a request gives the same picture at any time.
/// </summary>
internal static class AutoencoderTiles
{
    /// <summary>Latent cells that a tile sees beyond each of its inner cuts: what lies further away moves a pixel by less than its rounding.</summary>
    public const int Overlap = 16;

    /// <summary>Latent cells on each side of a cut over which two tiles are mixed; the rest of the overlap is thrown away.</summary>
    public const int Fade = 8;

    /// <summary>Cells by which shares are made smaller until they fit, and the least of them.</summary>
    private const int Step = 8, MinShare = 16;

    /// <summary>The tiles, in latent cells; null: the whole in one call.</summary>
    /// <param name="model">With the autoencoder that is used.</param>
    /// <param name="width">Pixels of the picture, or of a window of it.</param>
    /// <param name="height">Pixels of it.</param>
    /// <param name="options">Settings.</param>
    /// <param name="wraps">Whether the picture wraps round: the edges of tiles do not, so it is one call then.</param>
    public static TilePlan? Of(ModelDescription model, int width, int height, EngineOptions options, bool wraps = false)
    {
        if (wraps || model.FixedSize is not null || model.LatentFactor <= 1) return null;
        int across = width / model.LatentFactor, down = height / model.LatentFactor, longer = Math.Max(across, down);
        int share = options.VaeTile is { } pixels ? Math.Max(MinShare, pixels / model.LatentFactor) : longer;
        long available = MemoryEstimate.AvailableToAutoencoder(options, model);
        var plan = PlanOf(share);
        while (share > MinShare && BytesOf(model, plan) > available) plan = PlanOf(share = Math.Max(MinShare, Math.Min(share, longer) - Step));
        return plan.Count == 1 ? null : plan;

        TilePlan PlanOf(int side) => TilePlan.Make(across, down, side, Overlap);
    }

    /// <summary>Bytes of a call for a picture of this size: of a tile, where it is taken in tiles.</summary>
    public static long BytesOf(ModelDescription model, int width, int height, EngineOptions options, bool wraps = false) =>
        Of(model, width, height, options, wraps) is { } plan ? BytesOf(model, plan) : MemoryEstimate.DecoderBytes(model, width, height);

    private static long BytesOf(ModelDescription model, TilePlan plan) =>
        MemoryEstimate.DecoderBytes(model, plan.Window.Width * model.LatentFactor, plan.Window.Height * model.LatentFactor);
}
