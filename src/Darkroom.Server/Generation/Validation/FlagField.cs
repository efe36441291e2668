using System.Text.Json;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>True or false.</summary>
internal sealed class FlagField(string name, string about) : Field<bool>(name, about)
{
    public override string Limit => "true or false";

    public override object? Read(JsonElement json, FaultList faults) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => WrongType(json, "true or false", faults),
    };

    protected override void Write(Utf8JsonWriter writer, bool value) => writer.WriteBooleanValue(value);

    public override OpenApiSchema Schema() => new() { Type = JsonSchemaType.Boolean | JsonSchemaType.Null };
}
