namespace Darkroom.Models.Fields;

/// <summary>The fields that say what becomes of the pictures, and when.</summary>
public static partial class FieldTable
{
    public static readonly FieldInfo Format = new("format", new ChoiceType(["png", "jpeg", "webp"]), FieldTasks.Pictures, "Format of the pictures.")
        { Default = "png", ModelSets = true, SchemaName = "PictureFormat", OpenAi = "output_format", Option = "--format" };

    public const int DefaultQuality = 90;

    public static readonly FieldInfo Quality = new("quality", new WholeType(1, 100), FieldTasks.Pictures, "For jpeg and webp.")
        { Default = (long)DefaultQuality, ModelSets = true, OpenAi = "output_compression", Option = "--quality" };

    public static readonly FieldInfo Return = new("return", new ChoiceType(["data", "url"]), FieldTasks.Pictures,
        "data: the pictures in base64 within the answer; url: their addresses alone.")
        { Default = "data", ModelSets = true, SchemaName = "ReturnMode", OpenAi = "response_format" };

    public static readonly FieldInfo Priority = new("priority", new ChoiceType(["low", "normal", "high"]), FieldTasks.All, "Place in the queue.")
        { Default = "normal", ModelSets = true };

    public static readonly FieldInfo Deadline = new("deadline", new NumberType(0, 31_536_000) { AboveMin = true }, FieldTasks.All,
        "Seconds from acceptance, after which the job ends as expired.") { ModelSets = true, DefaultText = "none" };

    public static readonly FieldInfo Webhook = new("webhook", new WebhookType(), FieldTasks.All,
        "Where the end of the job is told, by Standard Webhooks: url, and events, the names of the ends that are told (all where absent).")
        { IsPrivate = true, DefaultText = "nowhere" };

    public static readonly FieldInfo ModelHash = new("model_hash", new TextType(64), FieldTasks.All,
        "Content hash of the model, as answers give it; where the model has changed since, the answer warns.") { DefaultText = "not compared" };
}
