using Darkroom.Models.Upscaling;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The fields of <c>POST /v1/upscale</c> that no other task has.</summary>
internal static class UpscaleFields
{
    public static readonly PictureField Image = new("image", "The picture to enlarge: PNG, JPEG or WebP. Transparency is kept, but for an answer in jpeg, where it stands on white.") { IsRequired = true };

    public static readonly TextField Model = new("model", 200, $"Id from GET /v1/upscalers; {UpscalerCatalog.DefaultId} where absent.")
        { Used = p => p.Request.Upscale!.Model };

    public static readonly NumberField Scale = new("scale", UpscalePasses.LeastFactor, UpscalePasses.LargestFactor,
        $"Pixels out for each pixel in, on each side; the upscaler's own where absent. The answer may have {UpscalePasses.DefaultMostPixels} pixels.")
        { Used = p => p.Request.Upscale!.Scale };

    public static readonly WholeField Tile = new("tile", UpscaleTiling.LeastTile, UpscaleTiling.LargestTile, "Pixels of a tile's side; the upscaler's own where absent.")
        { Used = p => p.Request.Upscale!.Tile ?? UpscaleTiling.DefaultTile };

    public static readonly WholeField Overlap = new("overlap", 0, UpscaleTiling.LargestOverlap, "Pixels that a tile sees beyond its share; the upscaler's own where absent.")
        { Used = p => p.Request.Upscale!.Overlap ?? UpscaleTiling.DefaultOverlap };
}
