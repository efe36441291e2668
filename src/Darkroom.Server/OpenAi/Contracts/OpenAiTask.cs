using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.OpenAi.Contracts;

/// <summary>An address of the surface: its fields, and the tasks of this server that answer it.</summary>
/// <param name="Address">Its path.</param>
/// <param name="Schema">Name of the request's schema in the OpenAPI document.</param>
/// <param name="Events">First half of the names of its events; null: it has no stream.</param>
/// <param name="Sheet">The task where nothing else is said.</param>
/// <param name="WithMask">The task where a mask is sent; null: it takes none.</param>
/// <param name="Own">Fields under OpenAI's names.</param>
internal sealed record OpenAiTask(string Address, string Schema, string? Events, TaskSheet Sheet, TaskSheet? WithMask, IReadOnlyList<Field> Own)
{
    /// <summary>Native fields that stand here under another name.</summary>
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["count"] = "This is n here.",
        ["format"] = "This is output_format here.",
        ["return"] = "This is response_format here.",
        ["preview_every"] = "This is stream with partial_images here.",
    };

    /// <summary>Own fields, then the native ones that OpenAI's API has not, under their native names.</summary>
    public IReadOnlyList<Field> Fields { get; } =
    [
        .. Own,
        .. new[] { Sheet, WithMask }.OfType<TaskSheet>().SelectMany(sheet => sheet.Fields)
            .Where(field => !Renamed.ContainsKey(field.Name) && !Own.Any(own => own.Name == field.Name)).DistinctBy(field => field.Name),
    ];

    public ObjectReader Reader => field ??= new(Fields, Renamed);

    public bool TakesPictures => Sheet.TakesPictures;

    public static readonly OpenAiTask Generate = new(
        "/v1/images/generations", "CreateImageRequest", "image_generation", TaskSheet.Txt2Img, null, [GenerationFields.Prompt, .. Usual, OpenAiFields.Style]);

    public static readonly OpenAiTask Edit = new(
        "/v1/images/edits", "EditImageRequest", "image_edit", TaskSheet.Img2Img, TaskSheet.Inpaint,
        [OpenAiFields.Image, OpenAiFields.Mask, GenerationFields.Prompt, .. Usual, OpenAiFields.InputFidelity]);

    public static readonly OpenAiTask Vary = new(
        "/v1/images/variations", "CreateImageVariationRequest", null, TaskSheet.Img2Img, null,
        [OpenAiFields.Image, OpenAiFields.OptionalPrompt, .. Usual.Where(field => field != OpenAiFields.Stream && field != OpenAiFields.PartialImages)]);

    public static readonly IReadOnlyList<OpenAiTask> All = [Generate, Edit, Vary];

    private static IReadOnlyList<Field> Usual =>
    [
        GenerationFields.Model, OpenAiFields.N, OpenAiFields.Size, OpenAiFields.Quality, OpenAiFields.ResponseFormat, OpenAiFields.OutputFormat,
        OpenAiFields.OutputCompression, OpenAiFields.Background, OpenAiFields.Moderation, OpenAiFields.User, OpenAiFields.Stream, OpenAiFields.PartialImages,
    ];
}
