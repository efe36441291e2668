using System.Globalization;
using System.Text.Json;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A whole number in a range.</summary>
internal sealed class WholeField(FieldInfo info) : Field<long>(info)
{
    private readonly WholeType type = (WholeType)info.Type;

    /// <summary>The largest value that a model allows; null where any of the range will do, or nobody knows before the model is opened.</summary>
    public Func<ModelDescription, long?>? MaxOf { get; init; }

    /// <summary>The largest value of a job, where another surface takes more than the field; null: the field's.</summary>
    public long? MaxUsed { get; init; }

    protected override long Of(object value) => (long)value;

    public override void Check(object value, JsonElement json, ModelDescription model, FaultList faults)
    {
        if (MaxOf?.Invoke(model) is not { } allowed || value is not long number || number <= allowed) return;
        faults.Add(this, $"{Name} must be {type.Min}…{allowed} for model '{model.Id}'.", json, $"{type.Min}…{allowed}");
    }

    public override OpenApiSchema Schema() => Schema(type);

    /// <summary>What a job has is resolved: no value stands for another, and <see cref="MaxUsed"/> counts.</summary>
    public override IOpenApiSchema UsedSchema()
    {
        var schema = (OpenApiSchema)base.UsedSchema();
        schema.Minimum = type.Min.ToString(CultureInfo.InvariantCulture);
        if (MaxUsed is { } max) schema.Maximum = max.ToString(CultureInfo.InvariantCulture);
        return schema;
    }

    public static OpenApiSchema Schema(WholeType type) => new()
    {
        Type = JsonSchemaType.Integer | JsonSchemaType.Null,
        Format = type.Max > int.MaxValue ? "int64" : "int32",
        Minimum = (type.Special ?? type.Min).ToString(CultureInfo.InvariantCulture),
        Maximum = type.Max.ToString(CultureInfo.InvariantCulture),
    };
}
