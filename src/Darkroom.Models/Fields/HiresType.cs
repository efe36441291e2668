using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>A second pass at a larger size: an object of parts, each of which may be left out. Read as a <see cref="HiresChoice"/>.</summary>
/// <param name="prompt">Its prompts.</param>
/// <param name="sampler">Its sampler.</param>
public sealed class HiresType(TextType prompt, FieldType sampler) : FieldType
{
    /// <summary>A1111's default for the strength.</summary>
    public const double DefaultStrength = 0.7;

    public const double DefaultScale = 2;

    public static NumberType Scale { get; } = new(1, 4);

    public static SizeType Side { get; } = new();

    public static TextType Upscaler { get; } = new(200) { Example = "latent" };

    public static WholeType Steps { get; } = new(0, 150);

    public static NumberType Strength { get; } = new(0, 1);

    public TextType Prompt => prompt;

    public FieldType Sampler => sampler;

    public override string Kind => "an object";

    public override string Limit => LimitText;

    private const string LimitText = "an object with scale, or width and height; upscaler, steps, strength, prompt, negative_prompt, sampler";

    private ObjectParts Parts { get; } = new(LimitText, new Dictionary<string, FieldType>
    {
        ["scale"] = Scale, ["width"] = Side, ["height"] = Side, ["upscaler"] = Upscaler, ["steps"] = Steps, ["strength"] = Strength,
        ["prompt"] = prompt, ["negative_prompt"] = prompt, ["sampler"] = sampler,
    });

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return WrongType(name);
        var faults = new List<FieldFault>();
        var parts = Parts.Read(name, json, faults);
        if (parts.GetValueOrDefault("scale") is not null && (parts.GetValueOrDefault("width") ?? parts.GetValueOrDefault("height")) is not null)
            faults.Add(new($"{name}.scale", "says the size, and so do width and height", "scale, or width and height", FieldFaultKind.Other));
        return faults.Count > 0 ? new(null, faults) : FieldReading.Of(new HiresChoice
        {
            Scale = (double?)parts.GetValueOrDefault("scale"),
            Width = (long?)parts.GetValueOrDefault("width"),
            Height = (long?)parts.GetValueOrDefault("height"),
            Upscaler = (string?)parts.GetValueOrDefault("upscaler"),
            Steps = (long?)parts.GetValueOrDefault("steps") ?? 0,
            Strength = (double?)parts.GetValueOrDefault("strength") ?? DefaultStrength,
            Prompt = (string?)parts.GetValueOrDefault("prompt"),
            NegativePrompt = (string?)parts.GetValueOrDefault("negative_prompt"),
            Sampler = (string?)parts.GetValueOrDefault("sampler"),
        });
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var choice = (HiresChoice)value;
        writer.WriteStartObject();
        if (choice.Scale is { } scale) writer.WriteNumber("scale", scale);
        if (choice.Width is { } width) writer.WriteNumber("width", width);
        if (choice.Height is { } height) writer.WriteNumber("height", height);
        if (choice.Upscaler is { } upscaler) writer.WriteString("upscaler", upscaler);
        writer.WriteNumber("steps", choice.Steps);
        writer.WriteNumber("strength", choice.Strength);
        if (choice.Prompt is { } text) writer.WriteString("prompt", text);
        if (choice.NegativePrompt is { } negative) writer.WriteString("negative_prompt", negative);
        if (choice.Sampler is { } name) writer.WriteString("sampler", name);
        writer.WriteEndObject();
    }
}

/// <summary>A second pass as it was asked for.</summary>
public sealed record HiresChoice
{
    /// <summary>1…4; null: the sizes say it, or 2.</summary>
    public double? Scale { get; init; }

    /// <summary>Pixels; null: it follows the other side, or the scale.</summary>
    public long? Width { get; init; }

    public long? Height { get; init; }

    /// <summary>A way to enlarge latents, or an upscaler's id; null: latents as they are.</summary>
    public string? Upscaler { get; init; }

    /// <summary>0…150; 0: as many as the first pass.</summary>
    public long Steps { get; init; }

    /// <summary>0…1</summary>
    public double Strength { get; init; } = HiresType.DefaultStrength;

    /// <summary>Null: as the first pass.</summary>
    public string? Prompt { get; init; }

    public string? NegativePrompt { get; init; }

    public string? Sampler { get; init; }
}
