using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>ControlNets, at most 4, each with the picture that it is shown. Read as a list of <see cref="ControlChoice"/>.</summary>
public sealed class ControlsType : FieldType
{
    public const int Max = 4;

    /// <summary>What counts for a part that is left out.</summary>
    public const double DefaultWeight = 1, DefaultStart = 0, DefaultEnd = 1;

    public TextType Model { get; } = new(200);

    public PictureType Image { get; } = new();

    public NumberType Weight { get; } = new(0, 2);

    public NumberType Share { get; } = new(0, 1);

    public FlagType Guess { get; } = new();

    public override string Kind => "an array of objects";

    public override string Limit => LimitText;

    private const string LimitText = "at most 4 of { model, image, weight 0…2 (1), start 0…1 (0), end 0…1 (1), guess (false) }";

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) return WrongType(name);
        if (json.GetArrayLength() is 0 or > Max) return NotAllowed(name);
        var faults = new List<FieldFault>();
        var choices = json.EnumerateArray().Select((one, index) => Read($"{name}.{index}", one, faults)).ToArray();
        return faults.Count > 0 ? new(null, faults) : FieldReading.Of(choices);
    }

    /// <summary>Without the pictures, which are not repeated.</summary>
    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        foreach (var control in (IEnumerable<ControlChoice>)value)
        {
            writer.WriteStartObject();
            writer.WriteString("model", control.Model);
            writer.WriteNumber("weight", control.Weight);
            writer.WriteNumber("start", control.Start);
            writer.WriteNumber("end", control.End);
            writer.WriteBoolean("guess", control.Guess);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private ObjectParts Parts => field ??= new(LimitText, new Dictionary<string, FieldType>
    {
        ["model"] = Model, ["image"] = Image, ["weight"] = Weight, ["start"] = Share, ["end"] = Share, ["guess"] = Guess,
    }, "model", "image");

    private ControlChoice Read(string name, JsonElement json, List<FieldFault> faults)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new(name, "must be an object", Limit, FieldFaultKind.WrongType));
            return new("", "", 1, 0, 1, false);
        }
        var parts = Parts.Read(name, json, faults);
        return new(
            (string?)parts.GetValueOrDefault("model") ?? "", (string?)parts.GetValueOrDefault("image") ?? "",
            (double?)parts.GetValueOrDefault("weight") ?? DefaultWeight, (double?)parts.GetValueOrDefault("start") ?? DefaultStart,
            (double?)parts.GetValueOrDefault("end") ?? DefaultEnd, (bool?)parts.GetValueOrDefault("guess") ?? false);
    }
}

/// <summary>A ControlNet of a request.</summary>
/// <param name="Model">Its id.</param>
/// <param name="Image">What it is shown, in base64.</param>
/// <param name="Weight">0…2</param>
/// <param name="Start">It is asked at step i of n where Start ≤ i/n …</param>
/// <param name="End">… and (i + 1)/n ≤ End.</param>
/// <param name="Guess">It leads without the prompt: the negative lane is left alone, and the first blocks count for less.</param>
public sealed record ControlChoice(string Model, string Image, double Weight, double Start, double End, bool Guess);
