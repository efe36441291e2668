using System.Text.Json;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A whole number in a range, or none.</summary>
internal sealed class OptionalWholeField(FieldInfo info) : Field<long?>(info)
{
    private readonly WholeType type = (WholeType)info.Type;

    /// <summary>The largest value that a model allows; null where any of the range will do.</summary>
    public Func<ModelDescription, long?>? MaxOf { get; init; }

    protected override long? Of(object value) => (long)value;

    public override void Check(object value, JsonElement json, ModelDescription model, FaultList faults)
    {
        if (MaxOf?.Invoke(model) is { } allowed && value is long number && number > allowed)
            faults.Add(this, $"{Name} must be {type.Min}…{allowed} for model '{model.Id}'.", json, $"{type.Min}…{allowed}");
    }

    public override OpenApiSchema Schema() => WholeField.Schema(type);
}
