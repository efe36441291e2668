using System.Text.Json;
using Darkroom.Models.Catalog;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// One field of a request: its name, range and default, how it is read and how it is told in the answer. Validation, defaults, the answer's
/// <c>parameters</c> and the OpenAPI schema all come from here, so they cannot disagree.
/// </summary>
internal abstract class Field(string name, string about)
{
    public string Name => name;

    /// <summary>What it means, for the OpenAPI document.</summary>
    public string About => about;

    public bool IsRequired { get; init; }

    /// <summary>Whether its value is personal: never repeated in a problem, never logged.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Whether its value is text: then a form's part is that text as it stands; else it is read as JSON.</summary>
    public virtual bool IsWords => false;

    /// <summary>Whether null says something else than nothing.</summary>
    public virtual bool TakesNull => false;

    /// <summary>What is allowed, as faults and the document say it.</summary>
    public abstract string Limit { get; }

    /// <summary>The value, boxed; null where there is a fault or the field counts as not given.</summary>
    public abstract object? Read(JsonElement json, FaultList faults);

    /// <summary>Faults that depend on the model.</summary>
    public virtual void Check(object value, JsonElement json, ModelDescription model, FaultList faults) { }

    /// <summary>Writes the value that a job used.</summary>
    public abstract void WriteUsed(Utf8JsonWriter writer, Parameters parameters);

    /// <summary>The default as it applies to a model, for lists; does nothing for a field without one.</summary>
    public abstract void WriteDefault(Utf8JsonWriter writer, ModelDescription model);

    public abstract OpenApiSchema Schema();

    /// <summary>The same as a part of a form.</summary>
    public virtual OpenApiSchema FormSchema() => Schema();
}

/// <summary>A field whose value is a <typeparamref name="T"/>.</summary>
internal abstract class Field<T>(string name, string about) : Field(name, about)
{
    /// <summary>The model's default, else the server's; null: absent means absent.</summary>
    public Func<ModelDescription, T>? Default { get; init; }

    /// <summary>Where the answer's <c>parameters</c> take it from; null: it is not told there.</summary>
    public Func<Parameters, T>? Used { get; init; }

    protected abstract void Write(Utf8JsonWriter writer, T value);

    public override void WriteUsed(Utf8JsonWriter writer, Parameters parameters)
    {
        if (Used is null) return;
        writer.WritePropertyName(Name);
        Write(writer, Used(parameters));
    }

    public override void WriteDefault(Utf8JsonWriter writer, ModelDescription model)
    {
        if (Default is null) return;
        writer.WritePropertyName(Name);
        Write(writer, Default(model));
    }

    protected object? WrongType(JsonElement json, string wanted, FaultList faults)
    {
        faults.Add(this, $"{Name} must be {wanted}, not {GivenValue.Kind(json)}.", json);
        return null;
    }
}
