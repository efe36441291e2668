using System.Text.Json;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A side of a picture in pixels; the model says which are possible.</summary>
internal sealed class SizeField(FieldInfo info) : Field<long?>(info)
{
    protected override long? Of(object value) => (long)value;

    /// <summary>Which side of a size it is.</summary>
    public required Func<PixelSize, int> FixedOf { get; init; }

    public override void Check(object value, JsonElement json, ModelDescription model, FaultList faults)
    {
        if (model.FixedSize is { } only)
        {
            if (value is long given && given == FixedOf(only)) return;
            faults.Add(this, $"{Name} must be {FixedOf(only)}: model '{model.Id}' takes {only.Width} x {only.Height} pixels alone.", json, $"{FixedOf(only)}");
            return;
        }
        if (value is long side && side >= model.SizeStep && side <= model.MaxSize && side % model.SizeStep == 0) return;
        var limit = $"{model.SizeStep}…{model.MaxSize}, multiple of {model.SizeStep}";
        faults.Add(this, $"{Name} must be {limit} for model '{model.Id}'.", json, limit);
    }

    public override OpenApiSchema Schema() => Any();

    /// <summary>A side of any model: no model takes a longer one.</summary>
    public static OpenApiSchema Any() => new()
    {
        Type = JsonSchemaType.Integer | JsonSchemaType.Null, Format = "int32", Minimum = "1",
        Maximum = SizeType.Max.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
