using System.Text.Json;
using Darkroom.Models.Upscaling;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>An upscaler and its scale, as a request says them; <see cref="None"/> declines a default.</summary>
internal sealed record UpscaleChoice(string? Model, double? Scale)
{
    public static readonly UpscaleChoice None = new(null, null);
}

/// <summary>What is done to each finished picture: an upscaler and its scale; null declines a model's default.</summary>
internal sealed class UpscaleField(string name, string about) : Field<UpscaleChoice?>(name, about)
{
    private readonly TextField _model = new(name + ".model", 200, "Id from GET /v1/upscalers.");
    private readonly NumberField _scale = new(name + ".scale", UpscalePasses.LeastFactor, UpscalePasses.LargestFactor, "The upscaler's own where absent.");

    public override bool TakesNull => true;

    public override string Limit => "an object with model and scale, or null";

    public override object? Read(JsonElement json, FaultList faults)
    {
        if (json.ValueKind == JsonValueKind.Null) return UpscaleChoice.None;
        if (json.ValueKind != JsonValueKind.Object) return WrongType(json, "an object or null", faults);
        var seen = new Dictionary<string, object?>(StringComparer.Ordinal);
        var before = faults.Count;
        foreach (var property in json.EnumerateObject())
        {
            var part = JsonText.NameOf(property);
            Field? field = part switch { "model" => _model, "scale" => _scale, _ => null };
            if (field is null) faults.Add(this, $"{Name} has no such field as '{(part.Length <= 64 ? part : part[..63] + "…")}'.", null);
            else if (!seen.TryAdd(part, property.Value.ValueKind == JsonValueKind.Null ? null : field.Read(property.Value, faults)))
                faults.Add(field, "This field is given twice.", null, "once");
        }
        return faults.Count > before ? null : new UpscaleChoice((string?)seen.GetValueOrDefault("model"), (double?)seen.GetValueOrDefault("scale"));
    }

    protected override void Write(Utf8JsonWriter writer, UpscaleChoice? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("model", value.Model);
        if (value.Scale is { } scale) writer.WriteNumber("scale", scale);
        writer.WriteEndObject();
    }

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Object | JsonSchemaType.Null,
        AdditionalPropertiesAllowed = false,
        Properties = new Dictionary<string, IOpenApiSchema> { ["model"] = _model.Schema(), ["scale"] = _scale.Schema() },
    };
}
