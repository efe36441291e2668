using Darkroom.Engine.Jobs;
using Edit = Darkroom.Server.Generation.Validation.EditFields;
using Shared = Darkroom.Server.Generation.Validation.GenerationFields;
using Scaling = Darkroom.Server.Generation.Validation.UpscaleFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A task: its fields in the order of the API's page, and what its address says of itself.</summary>
/// <param name="Task">What the engine is asked.</param>
/// <param name="Schema">Name of the request's schema in the OpenAPI document.</param>
/// <param name="Summary">One line for the document.</param>
/// <param name="Fields">Of the request.</param>
/// <param name="Refused">Names of other tasks' fields that have no meaning here, with the reason.</param>
internal sealed record TaskSheet(
    GenerationTask Task, string Schema, string Summary, IReadOnlyList<Field> Fields, IReadOnlyDictionary<string, string>? Refused = null)
{
    private const string OwnSize = "outpaint takes no size: the answer is the picture and what left, right, up and down add.";

    public ObjectReader Reader { get; } = new(Fields, Refused);

    public bool TakesPictures => Task != GenerationTask.Txt2img;

    public static readonly TaskSheet Txt2Img = new(GenerationTask.Txt2img, "Txt2ImgRequest", "Makes pictures from text and waits for them.", Shared.Txt2Img);

    public static readonly TaskSheet Img2Img = new(GenerationTask.Img2img, "Img2ImgRequest", "Makes pictures from text and a picture, and waits for them.",
        [Edit.Image, .. Sized(Edit.Width, Edit.Height), Edit.Strength, Edit.ResizeMode]);

    public static readonly TaskSheet Inpaint = new(GenerationTask.Inpaint, "InpaintRequest", "Repaints the masked part of a picture, and waits for it.",
        [.. Img2Img.Fields, Edit.Mask, Edit.MaskMode, Edit.MaskBlur, Edit.MaskGrow, Edit.Fill, Edit.Area, Edit.Padding]);

    public static readonly TaskSheet Outpaint = new(GenerationTask.Outpaint, "OutpaintRequest", "Continues a picture beyond its sides, and waits for it.",
        [Edit.Image, .. Sized(), Edit.OutpaintStrength, Edit.Left, Edit.Right, Edit.Up, Edit.Down, Edit.Feather],
        new Dictionary<string, string> { ["width"] = OwnSize, ["height"] = OwnSize, ["resize_mode"] = OwnSize });

    public static readonly TaskSheet Upscale = new(GenerationTask.Upscale, "UpscaleRequest", "Enlarges a picture, and waits for it.",
        [Scaling.Image, Scaling.Model, Scaling.Scale, Scaling.Tile, Scaling.Overlap, Shared.Format, Shared.Quality, Shared.Return, Shared.Priority, Shared.Deadline,
            Shared.ModelHash]);

    public static readonly IReadOnlyList<TaskSheet> All = [Txt2Img, Img2Img, Inpaint, Outpaint, Upscale];

    public static TaskSheet Of(GenerationTask task) => All[(int)task];

    // The fields of txt2img with other sizes, or none.
    private static IEnumerable<Field> Sized(params Field[] sizes) =>
        Shared.Txt2Img.SelectMany(field => field == Shared.Width ? sizes : field == Shared.Height ? [] : (Field[])[field]);
}
