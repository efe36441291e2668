using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Models.Fields;
using Darkroom.Models.Loras;
using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>LoRAs of this server.</summary>
/// <param name="Data">In the order of their ids.</param>
public sealed record LoraList(IReadOnlyList<LoraEntry> Data)
{
    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("list")]
    public string Object => "list";
}

/// <summary>One low-rank adaptation.</summary>
public sealed record LoraEntry
{
    /// <summary>What requests call it.</summary>
    public required string Id { get; init; }

    /// <summary>The same, as other lists call it.</summary>
    public required string Name { get; init; }

    /// <summary>The name that its writer gave it.</summary>
    public required string Title { get; init; }

    /// <summary>Its formulas: <c>lora</c>, <c>loha</c>, <c>lokr</c>, <c>dora</c>, <c>full</c>.</summary>
    [WireName("LoraKind")]
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>Layers that it changes.</summary>
    public required int Layers { get; init; }

    /// <summary>Of most layers; absent where there is none.</summary>
    public int? Rank { get; init; }

    /// <summary>The models that it seems to be for; absent where it does not tell.</summary>
    public string? Base { get; init; }

    /// <summary>What it sets where a request says nothing; absent: nothing.</summary>
    public LoraDefaultsAnswer? Defaults { get; init; }

    /// <summary>Where that comes from, in words.</summary>
    public string? DefaultsFrom { get; init; }

    /// <summary>Length of its file, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>When its file was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why it cannot be used; absent where it can.</summary>
    public string? Reason { get; init; }

    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("lora")]
    public string Object => "lora";

    internal static LoraEntry Of(LoraDescription one) => new()
    {
        Id = one.Id,
        Name = one.Id,
        Title = one.Title,
        Kinds = one.Kinds,
        Layers = one.Layers,
        Rank = one.Rank,
        Base = one.Base,
        Defaults = one.Defaults.Fields.Count > 0 ? new(one.Defaults) : null,
        DefaultsFrom = one.DefaultsFrom,
        Bytes = one.Bytes,
        CreatedAt = one.Created,
        Reason = one.Fault,
    };
}

/// <summary>Values of fields that a LoRA sets where a request says nothing.</summary>
[JsonConverter(typeof(LoraDefaultsWriter))]
public sealed record LoraDefaultsAnswer(ModelDefaults Defaults);

internal sealed class LoraDefaultsWriter : JsonConverter<LoraDefaultsAnswer>
{
    public override LoraDefaultsAnswer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Defaults are only written.");

    public override void Write(Utf8JsonWriter writer, LoraDefaultsAnswer value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var field in FieldTable.All.Where(field => value.Defaults.Find(field) is not null))
        {
            writer.WritePropertyName(field.Name);
            field.Type.Write(writer, value.Defaults.Find(field)!);
        }
        writer.WriteEndObject();
    }
}
