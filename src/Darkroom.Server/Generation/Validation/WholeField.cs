using System.Globalization;
using System.Text.Json;
using Darkroom.Models.Catalog;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A whole number in a range. 20.0 and 2e1 are whole too, as JSON Schema says.</summary>
internal sealed class WholeField(string name, long least, long most, string about) : Field<long>(name, about)
{
    /// <summary>A value outside the range that counts as not given (seed -1).</summary>
    public long? Absent { get; init; }

    /// <summary>The largest value that a model allows; null where any of the range will do, or nobody knows before the model is opened.</summary>
    public Func<ModelDescription, long?>? MostOf { get; init; }

    public override string Limit => Absent is { } absent ? $"{least}…{most}, or {absent}" : $"{least}…{most}";

    public override object? Read(JsonElement json, FaultList faults)
    {
        if (json.ValueKind != JsonValueKind.Number) return WrongType(json, "a whole number", faults);
        if (!TryWhole(json, out var value))
        {
            faults.Add(this, $"{Name} must be a whole number.", json);
            return null;
        }
        if (value == Absent) return null;
        if (value >= least && value <= most) return value;
        faults.Add(this, $"{Name} must be {Limit}.", json);
        return null;
    }

    public override void Check(object value, JsonElement json, ModelDescription model, FaultList faults)
    {
        if (MostOf?.Invoke(model) is not { } allowed || value is not long number || number <= allowed) return;
        faults.Add(this, $"{Name} must be {least}…{allowed} for model '{model.Id}'.", json, $"{least}…{allowed}");
    }

    /// <summary>Numbers beyond 64 bits saturate: they are out of every range.</summary>
    public static bool TryWhole(JsonElement json, out long value)
    {
        if (json.TryGetInt64(out value)) return true;
        if (!json.TryGetDouble(out var number) || (double.IsFinite(number) && number != Math.Floor(number))) return false;
        value = number >= long.MaxValue ? long.MaxValue : number <= long.MinValue ? long.MinValue : (long)number;
        return true;
    }

    protected override void Write(Utf8JsonWriter writer, long value) => writer.WriteNumberValue(value);

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Integer | JsonSchemaType.Null,
        Format = most > int.MaxValue ? "int64" : "int32",
        Minimum = (Absent ?? least).ToString(CultureInfo.InvariantCulture),
        Maximum = most.ToString(CultureInfo.InvariantCulture),
    };
}
