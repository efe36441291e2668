using System.Text.Json;
using Microsoft.OpenApi;

namespace Darkroom.Server.Validation;

/// <summary>What is done to each finished picture: an upscaler and its scale; null declines a model's default.</summary>
internal sealed class UpscaleField(string name, string about) : Field<object?>(name, about)
{
    public override string Limit => "an object with model and scale, or null";

    public override object? Read(JsonElement json, FaultList faults) =>
        json.ValueKind == JsonValueKind.Object ? json : WrongType(json, "an object or null", faults);

    protected override void Write(Utf8JsonWriter writer, object? value) => writer.WriteNullValue();

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Object | JsonSchemaType.Null,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["model"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["scale"] = new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double", Minimum = "1", Maximum = "8" },
        },
    };
}
