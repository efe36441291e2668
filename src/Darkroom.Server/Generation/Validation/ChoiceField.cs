using System.Text.Json;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>One of a closed list of names, which stand for values here.</summary>
internal sealed class ChoiceField<T> : Field<T>
{
    private readonly IReadOnlyList<(string Name, T Value)> choices;
    private readonly ChoiceType type;

    /// <param name="info">The row.</param>
    /// <param name="choices">A value for each of its names.</param>
    public ChoiceField(FieldInfo info, IReadOnlyList<(string Name, T Value)> choices) : base(info)
    {
        (this.choices, type) = (choices, (ChoiceType)info.Type);
        if (!type.Names.Order(StringComparer.Ordinal).SequenceEqual(choices.Select(choice => choice.Name).Order(StringComparer.Ordinal)))
            throw new ArgumentException($"The names of {info.Name} are not those of its row.", nameof(choices));
    }

    public override object? Read(JsonElement json, FaultList faults)
    {
        var reading = type.Read(Name, json);
        if (reading.Value is string name)
        {
            if (!type.NotYet.Contains(name)) return Of(name);
            faults.Add(new Fault(Name, $"{Name} '{name}' is not supported yet.", GivenValue.Shorten(json)) { NotBuiltYet = true });
            return null;
        }
        if (json.ValueKind != JsonValueKind.String) return base.Read(json, faults);
        faults.Add(this, $"There is no such {Name}.{Suggestion.Sentence(JsonText.Of(json), type.Names)}", json);
        return null;
    }

    protected override T Of(object value) => choices.First(choice => choice.Name == (string)value).Value;

    protected override object? ValueOf(T value) => choices.FirstOrDefault(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Name;

    // Null beside the names and not among them: generators choke on a null in an enum.
    public override OpenApiSchema Schema() => new() { AnyOf = [UsedSchema(), new OpenApiSchema { Type = JsonSchemaType.Null }] };

    public override IOpenApiSchema UsedSchema() => new OpenApiSchemaReference(Info.SchemaName);
}

/// <summary>Names and values of choices.</summary>
internal static class Choices
{
    /// <summary>The values of an enumeration under their names in snake case.</summary>
    public static IReadOnlyList<(string Name, T Value)> Of<T>() where T : struct, Enum =>
        [.. Enum.GetValues<T>().Select(value => (JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()), value))];

    /// <summary>Names that stand for themselves.</summary>
    public static IReadOnlyList<(string Name, string? Value)> NamesOf(FieldInfo info) =>
        [.. ((ChoiceType)info.Type).Names.Select(name => (name, (string?)name))];
}
