using Darkroom.Imaging;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.OpenAi.Contracts;

/// <summary>The fields that OpenAI's API has under names, ranges or defaults of its own.</summary>
internal static class OpenAiFields
{
    /// <summary>The most pictures of one request, which are one job.</summary>
    public const int MaxPictures = GenerationFields.MaxPictures;

    /// <summary>The most pictures that an edit may be sent.</summary>
    public const int MaxImages = 16;

    public const string Auto = "auto", Low = "low", High = "high", Transparent = "transparent";

    public static readonly WholeField N = new(Row("n", new WholeType(1, MaxPictures), "Pictures, one job for all; picture i has seed + i. Default: 1."));

    public static readonly TextField Size = new(Row("size", new TextType(16) { Example = "512x512" },
        "WIDTHxHEIGHT, any that the model can make, or auto: the model's own size, or that of the picture that is edited. Default: auto."));

    public static readonly ChoiceField<double> Quality = new(Row("quality", new ChoiceType([Auto, Low, "medium", High, "standard", "hd"]),
        "How many steps are made of the model's own: low half of them, medium and standard all, high and hd half as many more. steps wins. Default: auto."),
        [(Auto, 1), (Low, 0.5), ("medium", 1), (High, 1.5), ("standard", 1), ("hd", 1.5)]);

    public static readonly ChoiceField<bool> ResponseFormat = new(Row("response_format", new ChoiceType(["b64_json", "url"]),
        "b64_json: the pictures in base64; url: addresses that need no key, for an hour. Default: b64_json."), [("b64_json", false), ("url", true)]);

    public static readonly ChoiceField<PictureFormat> OutputFormat = new(
        Row("output_format", new ChoiceType(["png", "jpeg", "webp"]), "Format of the pictures. Default: the model's, else png."), PictureFormats.Choices);

    public static readonly WholeField OutputCompression = new(
        Row("output_compression", new WholeType(0, 100), "Quality of a jpeg or webp: 100 the best, 0 as 1. Default: the model's, else 90."));

    public static readonly ChoiceField<string?> Background = Choice("background", "There is no transparency here: transparent is refused. Default: auto.",
        Auto, "opaque", Transparent);

    public static readonly ChoiceField<string?> Moderation = Choice("moderation", "Has no effect: nothing is moderated.", Auto, Low);

    public static readonly ChoiceField<string?> Style = Choice("style", "Has no effect: the prompt says the style.", "vivid", "natural");

    public static readonly ChoiceField<string?> InputFidelity = Choice("input_fidelity",
        "high: strength 0.5, so that more of the picture stays; what a mask does not cover stays as it is anyway. Default: low.", Low, High);

    public static readonly TextField User = new(Row("user", new TextType(4096), "Has no effect, and is written nowhere."));

    public static readonly FlagField Stream = new(Row("stream", new FlagType(), "Answer with server-sent events. Default: false."));

    public static readonly WholeField PartialImages = new(
        Row("partial_images", new WholeType(0, 3), "Previews of each picture in the stream, at most so many. Default: 0."));

    public static readonly PictureField Image = new(Private("image", new PictureType(),
        "The picture to work on: PNG, JPEG or WebP, whatever its part says of itself. Its first one where several are sent, as image[]."));

    public static readonly PictureField Mask = new(Private("mask", new PictureType(),
        "What is repainted: where it is transparent. Of the picture's size. Without it all of the picture is worked on."));

    /// <summary>Variations need no prompt; one may say what they show.</summary>
    public static readonly TextField OptionalPrompt = new(Private("prompt", FieldTable.Prompt.Type, "What the pictures show. Default: nothing is said."));

    private static ChoiceField<string?> Choice(string name, string about, params string[] names) =>
        new(Row(name, new ChoiceType(names), about), [.. names.Select(one => (one, (string?)one))]);

    private static FieldInfo Row(string name, FieldType type, string about) =>
        new(name, type, FieldTasks.Generations, about)
        {
            SchemaName = "OpenAi" + string.Concat(name.Split('_').Select(static word => char.ToUpperInvariant(word[0]) + word[1..])),
        };

    private static FieldInfo Private(string name, FieldType type, string about) => new(name, type, FieldTasks.Generations, about) { IsPrivate = true };
}
