using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>The values that a field takes: how one is read from JSON, what is refused and how it is written. A closed set, one file each.</summary>
public abstract class FieldType
{
    /// <summary>The kind of value, as in "must be a whole number".</summary>
    public abstract string Kind { get; }

    /// <summary>What is allowed, as faults and documents say it.</summary>
    public abstract string Limit { get; }

    /// <summary>Whether a value is text: a form or a command line then gives it as it stands; else it is read as JSON.</summary>
    public virtual bool IsText => false;

    /// <summary>Whether null says something else than nothing.</summary>
    public virtual bool TakesNull => false;

    /// <summary>The value of a field, or why it is none.</summary>
    /// <param name="name">The field's name, for faults.</param>
    /// <param name="json">What was given.</param>
    public abstract FieldReading Read(string name, JsonElement json);

    /// <summary>Writes a value of this type, as it was read.</summary>
    public abstract void Write(Utf8JsonWriter writer, object value);

    /// <summary>A fault where the JSON is of another type.</summary>
    protected FieldFault WrongType(string name) => new(name, "must be " + Kind, Limit, FieldFaultKind.WrongType);

    /// <summary>A fault where the JSON is of the right type.</summary>
    protected FieldFault NotAllowed(string name) => new(name, "must be " + Limit, Limit, FieldFaultKind.NotAllowed);
}
