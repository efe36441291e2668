using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Engine.Workers;

/// <summary>A card as text, for boards; what a later version adds is passed over. It is written when something changes, and by reflection.</summary>
public static class WorkerJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <exception cref="FormatException">The text is no card.</exception>
    public static WorkerCard Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<WorkerCard>(text, Options) ?? throw new FormatException("A worker's card is empty.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"A worker's card cannot be read: {e.Message}", e);
        }
    }

    public static string Write(WorkerCard card) => JsonSerializer.Serialize(card, Options);
}
