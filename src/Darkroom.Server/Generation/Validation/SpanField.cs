using System.Text.Json;
using Darkroom.Diffusion.Guidance;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A part of the steps: <c>[from, to]</c> with 0 ≤ from ≤ to ≤ 1.</summary>
internal sealed class SpanField(string name, string about) : Field<GuidanceInterval>(name, about)
{
    public override string Limit => "[from, to] with 0 ≤ from ≤ to ≤ 1";

    public override object? Read(JsonElement json, FaultList faults)
    {
        if (json.ValueKind != JsonValueKind.Array) return WrongType(json, "an array of two numbers", faults);
        if (json.GetArrayLength() == 2
            && json[0].ValueKind == JsonValueKind.Number && json[1].ValueKind == JsonValueKind.Number
            && json[0].GetDouble() is var from and >= 0 && json[1].GetDouble() is var to and <= 1 && from <= to)
            return new GuidanceInterval(from, to);
        faults.Add(this, $"{Name} must be {Limit}.", json);
        return null;
    }

    protected override void Write(Utf8JsonWriter writer, GuidanceInterval value)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.From);
        writer.WriteNumberValue(value.To);
        writer.WriteEndArray();
    }

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Array | JsonSchemaType.Null,
        MinItems = 2,
        MaxItems = 2,
        Items = new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double", Minimum = "0", Maximum = "1" },
    };
}
