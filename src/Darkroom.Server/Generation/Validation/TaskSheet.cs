using Darkroom.Engine.Jobs;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A task: its fields, and what its address says of itself.</summary>
/// <param name="Task">What the engine is asked.</param>
/// <param name="Schema">Name of the request's schema in the OpenAPI document.</param>
/// <param name="Summary">One line for the document.</param>
/// <param name="Fields">Of the request, in the order of the table of fields.</param>
/// <param name="Refused">Names of other tasks' fields that have no meaning here, with the reason.</param>
internal sealed record TaskSheet(
    GenerationTask Task, string Schema, string Summary, IReadOnlyList<Field> Fields, IReadOnlyDictionary<string, string>? Refused = null)
{
    private const string OwnSize = "outpaint takes no size: the answer is the picture and what left, right, up and down add.";

    public ObjectReader Reader { get; } = new(Fields, Refused);

    public bool TakesPictures => Task != GenerationTask.Txt2img;

    public static readonly TaskSheet Txt2Img = Sheet(GenerationTask.Txt2img, "Txt2ImgRequest", "Makes pictures from text and waits for them.");

    public static readonly TaskSheet Img2Img = Sheet(GenerationTask.Img2img, "Img2ImgRequest", "Makes pictures from text and a picture, and waits for them.");

    public static readonly TaskSheet Inpaint = Sheet(GenerationTask.Inpaint, "InpaintRequest", "Repaints the masked part of a picture, and waits for it.");

    public static readonly TaskSheet Outpaint = Sheet(GenerationTask.Outpaint, "OutpaintRequest", "Continues a picture beyond its sides, and waits for it.",
        new() { ["width"] = OwnSize, ["height"] = OwnSize, ["resize_mode"] = OwnSize });

    public static readonly TaskSheet Upscale = Sheet(GenerationTask.Upscale, "UpscaleRequest", "Enlarges a picture, and waits for it.");

    public static readonly TaskSheet Denoise = Sheet(GenerationTask.Denoise, "DenoiseRequest", "Takes the noise out of a picture, and waits for it.");

    public static readonly TaskSheet Classify = Sheet(GenerationTask.Classify, "ClassifyRequest",
        "Says which of several texts or classes a picture is most like to a model, and waits for that.");

    public static readonly TaskSheet Likelihood = Sheet(GenerationTask.Likelihood, "LikelihoodRequest",
        "Says how likely a model finds a picture, and waits for that.");

    public static readonly TaskSheet Features = Sheet(GenerationTask.Features, "FeaturesRequest",
        "Reads what layers of a model make of a picture, and waits for that.");

    /// <summary>By their task's number.</summary>
    public static readonly IReadOnlyList<TaskSheet> All = [Txt2Img, Img2Img, Inpaint, Outpaint, Upscale, Denoise, Classify, Likelihood, Features];

    /// <summary>Those that a diffusion model looks at a picture in, and paints nothing.</summary>
    public static readonly IReadOnlyList<TaskSheet> Looks = [Denoise, Classify, Likelihood, Features];

    /// <summary>Those whose answer is what was found, without any picture.</summary>
    public static readonly IReadOnlyList<TaskSheet> Measures = [Classify, Likelihood, Features];

    public static TaskSheet Of(GenerationTask task) => All[(int)task];

    private static TaskSheet Sheet(GenerationTask task, string schema, string summary, Dictionary<string, string>? refused = null) =>
        new(task, schema, summary, [.. FieldTable.Of(RowsOf(task)).Select(FieldBindings.Of)], refused);

    private static FieldTasks RowsOf(GenerationTask task) => Enum.Parse<FieldTasks>(task.ToString());
}
