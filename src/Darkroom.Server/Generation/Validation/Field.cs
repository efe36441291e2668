using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// A row of the table of fields, bound to a request: how its value becomes the request's type and where the answer's <c>parameters</c> take it from.
/// Name, range, default and text stand in the row.
/// </summary>
internal abstract class Field(FieldInfo info)
{
    public FieldInfo Info => info;

    public string Name => info.Name;

    public bool IsRequired => info.IsRequired;

    public bool IsPrivate => info.IsPrivate;

    public bool NeedsCapability => info.NeedsCapability;

    public bool IsText => info.Type.IsText;

    public bool TakesNull => info.Type.TakesNull;

    public string Limit => info.Type.Limit;

    /// <summary>The value, boxed; null where there is a fault.</summary>
    public abstract object? Read(JsonElement json, FaultList faults);

    /// <summary>Faults that depend on the model.</summary>
    public virtual void Check(object value, JsonElement json, ModelDescription model, FaultList faults) { }

    /// <summary>Whether an answer's <c>parameters</c> tell it.</summary>
    public abstract bool IsTold { get; }

    /// <summary>Whether they may tell null.</summary>
    public bool IsNullable { get; init; }

    /// <summary>Writes the value that a job used.</summary>
    public abstract void WriteUsed(Utf8JsonWriter writer, Parameters parameters);

    /// <summary>Writes the default as it applies to a model; null for none.</summary>
    public abstract void WriteDefault(Utf8JsonWriter writer, ModelDescription model);

    /// <summary>The values that a request may give; null stands for absent where the field is not required.</summary>
    public abstract OpenApiSchema Schema();

    /// <summary>Schemas that the former refers to, under their names in the document.</summary>
    public virtual IEnumerable<(string Name, OpenApiSchema Schema)> Named => [];

    /// <summary>The values that an answer may tell.</summary>
    public virtual IOpenApiSchema UsedSchema()
    {
        var schema = Schema();
        if (IsNullable) return schema;
        if (schema.AnyOf is [OpenApiSchemaReference named, ..]) return named;
        schema.Type &= ~JsonSchemaType.Null;
        return schema;
    }

    /// <summary>The same as a part of a form.</summary>
    public virtual OpenApiSchema FormSchema() => Schema();
}

/// <summary>A field whose value is a <typeparamref name="T"/>.</summary>
internal abstract class Field<T>(FieldInfo info) : Field(info)
{
    /// <summary>The server's default where the model decides it; null: the row's.</summary>
    public Func<ModelDescription, T>? Fallback { get; init; }

    /// <summary>Where the answer's <c>parameters</c> take it from; null: it is not told there.</summary>
    public Func<Parameters, T>? Used { get; init; }

    public override bool IsTold => Used is not null;

    /// <summary>From the table's value.</summary>
    protected abstract T Of(object value);

    /// <summary>Back to the table's value; null for none.</summary>
    protected virtual object? ValueOf(T value) => value;

    /// <summary>What applies to a request that does not give it: the model's default, else the server's.</summary>
    /// <returns>False: there is none.</returns>
    public bool TryDefault(ModelDescription model, [MaybeNullWhen(false)] out T value)
    {
        if (model.Defaults.Find(Info) is { } own) value = Of(own);
        else if (Fallback is not null) value = Fallback(model);
        else if (Info.Default is { } fixedValue) value = Of(fixedValue);
        else
        {
            value = default;
            return false;
        }
        return true;
    }

    public override object? Read(JsonElement json, FaultList faults)
    {
        var reading = Info.Type.Read(Name, json);
        foreach (var fault in reading.Faults) faults.Add(this, fault, json);
        return reading.Value is { } value ? Of(value) : null;
    }

    public override void WriteUsed(Utf8JsonWriter writer, Parameters parameters)
    {
        if (Used is null) return;
        var value = Used(parameters);
        if (NeedsCapability && value is null) return; // another model would refuse even the name
        writer.WritePropertyName(Name);
        Write(writer, value);
    }

    public override void WriteDefault(Utf8JsonWriter writer, ModelDescription model)
    {
        writer.WritePropertyName(Name);
        Write(writer, TryDefault(model, out var value) ? value : default);
    }

    private void Write(Utf8JsonWriter writer, T? value)
    {
        if (value is not null && ValueOf(value) is { } known) Info.Type.Write(writer, known);
        else writer.WriteNullValue();
    }
}
