using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>One of a closed list of names.</summary>
internal sealed class ChoiceField<T>(string name, IReadOnlyList<(string Name, T Value)> choices, string about) : Field<T>(name, about)
{
    public override bool IsWords => true;

    public override string Limit { get; } = "one of: " + string.Join(", ", choices.Select(choice => choice.Name));

    public override object? Read(JsonElement json, FaultList faults)
    {
        if (json.ValueKind != JsonValueKind.String) return WrongType(json, "a string", faults);
        var given = JsonText.Of(json);
        foreach (var choice in choices)
            if (choice.Name == given)
                return choice.Value;
        faults.Add(this, $"There is no such {Name}.{Suggestion.Sentence(given, choices.Select(choice => choice.Name))}", json);
        return null;
    }

    protected override void Write(Utf8JsonWriter writer, T value)
    {
        foreach (var choice in choices)
            if (EqualityComparer<T>.Default.Equals(choice.Value, value))
            {
                writer.WriteStringValue(choice.Name);
                return;
            }
        writer.WriteNullValue();
    }

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.String | JsonSchemaType.Null,
        Enum = [.. choices.Select(choice => (JsonNode)choice.Name), JsonNullSentinel.JsonNull],
    };
}
