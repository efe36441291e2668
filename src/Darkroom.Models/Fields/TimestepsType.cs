using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>A list of training timesteps. Read as an array of whole numbers.</summary>
public sealed class TimestepsType : FieldType
{
    public const int MaxCount = 256, MaxTimestep = 9999;

    public override string Kind => "an array of whole numbers";

    public override string Limit => $"1…{MaxCount} whole numbers of 0…{MaxTimestep}, below the model's training timesteps";

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) return WrongType(name);
        if (json.GetArrayLength() is 0 or > MaxCount) return NotAllowed(name);
        var timesteps = new List<int>();
        foreach (var one in json.EnumerateArray())
        {
            if (one.ValueKind != JsonValueKind.Number) return WrongType(name);
            if (!one.TryGetInt32(out int timestep) || timestep is < 0 or > MaxTimestep) return NotAllowed(name);
            timesteps.Add(timestep);
        }
        return FieldReading.Of(timesteps.ToArray());
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        foreach (int timestep in (IReadOnlyList<int>)value) writer.WriteNumberValue(timestep);
        writer.WriteEndArray();
    }
}
