using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>Textual inversions that a request's texts may name. Read as a list of <see cref="EmbeddingPick"/>.</summary>
public sealed class EmbeddingsType : FieldType
{
    public const int MaxCount = 64;

    private const int MaxId = 255;

    private static string LimitText => $"at most {MaxCount} objects with id";

    public static TextType Id { get; } = new(MaxId) { Example = "easynegative" };

    private static ObjectList Entries { get; } =
        new(MaxCount, LimitText, new Dictionary<string, FieldType> { [ObjectList.Id] = Id, ["hash"] = LoraType.Hash });

    public override string Kind => "an array";

    public override string Limit => LimitText;

    public override FieldReading Read(string name, JsonElement json) => json.ValueKind != JsonValueKind.Array
        ? WrongType(name)
        : Entries.Read(name, json, static part => new EmbeddingPick((string)part(ObjectList.Id)!, (string?)part("hash")));

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        foreach (var pick in (IReadOnlyList<EmbeddingPick>)value)
        {
            writer.WriteStartObject();
            writer.WriteString(ObjectList.Id, pick.Id);
            if (pick.Hash is { } hash) writer.WriteString("hash", hash);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}

/// <summary>A textual inversion that a request's texts may name.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Hash">SHA-256 of its file as it was when a picture was made before; null: whatever it is.</param>
public sealed record EmbeddingPick(string Id, string? Hash = null);
