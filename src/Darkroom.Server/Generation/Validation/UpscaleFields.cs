using Darkroom.Models.Fields;
using Darkroom.Models.Upscaling;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The rows of the table that <c>POST /v1/upscale</c> alone has, bound to the request.</summary>
internal static class UpscaleFields
{
    public static readonly PictureField Image = new(FieldTable.UpscaleImage);

    public static readonly TextField Model = new(FieldTable.UpscaleModel) { Used = p => p.Request.Upscale!.Model };

    public static readonly NumberField Scale = new(FieldTable.Scale) { Used = p => p.Request.Upscale!.Scale, IsNullable = true };

    public static readonly WholeField Tile = new(FieldTable.Tile) { Used = p => p.Request.Upscale!.Tile ?? UpscaleTiling.DefaultTile };

    public static readonly WholeField Overlap = new(FieldTable.Overlap) { Used = p => p.Request.Upscale!.Overlap ?? UpscaleTiling.DefaultOverlap };

    public static readonly IReadOnlyList<Field> All = [Image, Model, Scale, Tile, Overlap];
}
