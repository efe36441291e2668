using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>Calls of the denoiser that are left out: an object, or null, which declines a model's default. Read as a <see cref="CacheChoice"/>.</summary>
public sealed class CacheType : FieldType
{
    /// <summary>The rules that there are, by name.</summary>
    public static ChoiceType Method { get; } = new(["easycache"]);

    /// <summary>How much the answer may have changed, as a share of it.</summary>
    public static NumberType Threshold { get; } = new(0, 1);

    public override bool TakesNull => true;

    public override string Kind => "an object or null";

    public override string Limit => LimitText;

    private const string LimitText = "an object with method and threshold, or null";

    private static ObjectParts Parts { get; } =
        new(LimitText, new Dictionary<string, FieldType> { ["method"] = Method, ["threshold"] = Threshold }, "method", "threshold");

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Null) return FieldReading.Of(CacheChoice.None);
        if (json.ValueKind != JsonValueKind.Object) return WrongType(name);
        var faults = new List<FieldFault>();
        var parts = Parts.Read(name, json, faults);
        return faults.Count > 0 ? new(null, faults) : FieldReading.Of(new CacheChoice((string)parts["method"]!, (double)parts["threshold"]!));
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var choice = (CacheChoice)value;
        if (choice.Declines)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("method", choice.Method);
        writer.WriteNumber("threshold", choice.Threshold);
        writer.WriteEndObject();
    }
}

/// <summary>Which calls of the denoiser are left out.</summary>
/// <param name="Method">A name of <see cref="CacheType.Method"/>.</param>
/// <param name="Threshold">0…1</param>
public sealed record CacheChoice(string Method, double Threshold)
{
    /// <summary>None: declines a model's default.</summary>
    public static readonly CacheChoice None = new("", 0) { Declines = true };

    /// <summary>Whether none is.</summary>
    public bool Declines { get; private init; }
}
