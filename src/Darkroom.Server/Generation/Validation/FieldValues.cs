using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Darkroom.Models.Catalog;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The fields that a request gave, each right by itself.</summary>
internal sealed class FieldValues
{
    private readonly Dictionary<Field, (object Value, JsonElement Json)> given = [];

    public IEnumerable<(Field Field, object Value, JsonElement Json)> Given => given.Select(one => (one.Key, one.Value.Value, one.Value.Json));

    public void Set(Field field, object value, JsonElement json) => given[field] = (value, json);

    public bool TryGet<T>(Field<T> field, [MaybeNullWhen(false)] out T value)
    {
        var found = given.TryGetValue(field, out var one);
        value = found ? (T)one.Value : default;
        return found;
    }

    public bool IsGiven(Field field) => given.ContainsKey(field);

    public JsonElement? JsonOf(Field field) => given.TryGetValue(field, out var one) ? one.Json : null;

    /// <summary>What was given, else the model's default, else the server's.</summary>
    /// <returns>False: nothing applies.</returns>
    public bool TryResolve<T>(Field<T> field, ModelDescription model, [MaybeNullWhen(false)] out T value) =>
        TryGet(field, out value) || field.TryDefault(model, out value);

    /// <summary>The same; the type's own nothing where nothing applies.</summary>
    public T Resolve<T>(Field<T> field, ModelDescription model) => TryResolve(field, model, out var value) ? value : default!;

    /// <summary>Adds the faults that depend on the model.</summary>
    public void Check(ModelDescription model, FaultList faults)
    {
        foreach (var (field, one) in given)
            if (field.NeedsCapability && !model.Capabilities.ExtraFields.Contains(field.Name) && one.Value is not System.Collections.ICollection { Count: 0 })
                faults.Add(field, $"Model '{model.Id}' has no use for {field.Name}.", one.Json, "a model that lists it in capabilities.fields");
            else field.Check(one.Value, one.Json, model, faults);
    }
}
