using System.Text.Json;
using Darkroom.Models.Catalog;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A side of a picture in pixels; the model says which are possible.</summary>
internal sealed class SizeField(string name, string about) : Field<long?>(name, about)
{
    public override string Limit => "the model's size_step…max_size, multiple of size_step";

    public override object? Read(JsonElement json, FaultList faults)
    {
        if (json.ValueKind != JsonValueKind.Number) return WrongType(json, "a whole number", faults);
        if (WholeField.TryWhole(json, out var value)) return value;
        faults.Add(this, $"{Name} must be a whole number.", json);
        return null;
    }

    public override void Check(object value, JsonElement json, ModelDescription model, FaultList faults)
    {
        if (value is long side && side >= model.SizeStep && side <= model.MaxSize && side % model.SizeStep == 0) return;
        var limit = $"{model.SizeStep}…{model.MaxSize}, multiple of {model.SizeStep}";
        faults.Add(this, $"{Name} must be {limit} for model '{model.Id}'.", json, limit);
    }

    protected override void Write(Utf8JsonWriter writer, long? value)
    {
        if (value is { } side) writer.WriteNumberValue(side);
        else writer.WriteNullValue();
    }

    public override OpenApiSchema Schema() => new() { Type = JsonSchemaType.Integer | JsonSchemaType.Null, Format = "int32", Minimum = "1" };
}
