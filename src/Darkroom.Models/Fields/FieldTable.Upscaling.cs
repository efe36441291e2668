using Darkroom.Models.Upscaling;

namespace Darkroom.Models.Fields;

/// <summary>The fields of upscale that no other task has, and the upscaling that other tasks ask for.</summary>
public static partial class FieldTable
{
    private static readonly TextType UpscalerId = new(200);
    private static readonly NumberType Factor = new(UpscalePasses.MinFactor, UpscalePasses.MaxFactor);

    public static readonly FieldInfo UpscaleImage = new("image", new PictureType(), FieldTasks.Upscale,
        "The picture to enlarge: PNG, JPEG or WebP. Transparency is kept, but for an answer in jpeg, where it stands on white.")
        { IsRequired = true, IsPrivate = true, A1111 = "image" };

    public static readonly FieldInfo UpscaleModel = new("model", UpscalerId, FieldTasks.Upscale, "Id from GET /v1/upscalers.")
        { DefaultText = UpscalerCatalog.DefaultId, A1111 = "upscaler_1", Option = "--model" };

    public static readonly FieldInfo Scale = new("scale", Factor, FieldTasks.Upscale,
        $"Pixels out for each pixel in, on each side. The answer may have {UpscalePasses.DefaultMaxPixels} pixels.")
        { DefaultText = "the upscaler's own", A1111 = "upscaling_resize", Option = "--scale" };

    public static readonly FieldInfo Tile = new("tile", new WholeType(UpscaleTiling.MinTile, UpscaleTiling.MaxTile), FieldTasks.Upscale,
        "Pixels of a tile's side.")
        { DefaultText = "the upscaler's own", Option = "--tile" };

    public static readonly FieldInfo Overlap = new("overlap", new WholeType(0, UpscaleTiling.MaxOverlap), FieldTasks.Upscale,
        "Pixels that a tile sees beyond its share.")
        { DefaultText = "the upscaler's own", Option = "--overlap" };

    public static readonly FieldInfo UpscaleMetadata = new("metadata", new FlagType(), FieldTasks.Upscale,
        "Keep what the picture's file says of how it was made, and add the upscaler to it.") { Default = true, Option = "--metadata" };

    public static readonly FieldInfo Upscale = new("upscale", new UpscaleType(UpscalerId, Factor), FieldTasks.Generations,
        "Applied to each finished picture; null declines a model's default, which applies to txt2img alone.")
        { ModelSets = true, DefaultText = "none", Option = "--upscale" };
}
