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

    private static string ReasonOf(Field field, ModelDescription model) =>
        model.Capabilities.FieldReasons.TryGetValue(field.Name, out var reason) ? $": {reason}" : "";

    /// <summary>Null and an empty list decline what a model can do: one that cannot is as well without.</summary>
    private static bool AsksForNothing(JsonElement json) =>
        json.ValueKind == JsonValueKind.Null || (json.ValueKind == JsonValueKind.Array && json.GetArrayLength() == 0);

    /// <summary>Adds the faults that depend on the model; where others take what it does not, they are named.</summary>
    public void Check(ModelDescription model, FaultList faults, IModelDirectory models)
    {
        foreach (var (field, one) in given)
            if (field.NeedsCapability && !model.Capabilities.ExtraFields.Contains(field.Name) && !AsksForNothing(one.Json))
                faults.Add(
                    field, $"Model '{model.Id}' has no use for {field.Name}{ReasonOf(field, model)}.", one.Json,
                    $"a model that lists it in capabilities.fields{Others(field, models)}");
            else field.Check(one.Value, one.Json, model, faults);
    }

    private static string Others(Field field, IModelDirectory models) =>
        AbleModels.Of(models, other => other.Capabilities.ExtraFields.Contains(field.Name)) is { } able ? $": {able}" : "";
}
