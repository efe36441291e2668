using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Server.Security.Keys;

/// <summary>The form of <c>keys.json</c>. What is not understood to the last member is no keys file: a slip must give nobody more than was meant.</summary>
internal static class KeysFile
{
    private const int Version = 1;

    /// <exception cref="InvalidDataException">The text is no keys file; the message says where, and quotes nothing.</exception>
    public static IReadOnlyList<ApiKey> Read(ReadOnlySpan<byte> text)
    {
        KeysDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(text, KeysJson.Default.KeysDocument);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"it is broken at line {(fault.LineNumber ?? 0) + 1}", fault);
        }
        if (document is not { Version: Version, Keys: { } entries }) throw new InvalidDataException("it is of no version that is known");
        ApiKey[] keys = [.. entries.Select(Key)];
        if (keys.DistinctBy(key => key.Name, StringComparer.OrdinalIgnoreCase).Count() != keys.Length || keys.DistinctBy(key => key.Id).Count() != keys.Length)
            throw new InvalidDataException("two of its keys have one name or one id");
        return keys;
    }

    public static byte[] Write(IReadOnlyList<ApiKey> keys) =>
        JsonSerializer.SerializeToUtf8Bytes(new(Version, [.. keys.Select(Entry)]), KeysJson.Default.KeysDocument);

    private static ApiKey Key(KeyEntry entry, int index) =>
        entry is { Name: { } name, Id: { } id, Hash: { } text, Scopes: { } scopes } && ApiKey.IsName(name) && ApiKey.IsName(id)
        && KeyHash.Parse(text) is { } hash && KeyScopes.Of(scopes) is { } allowed && !(entry.MaxQueued < 0) && !(entry.MaxMegapixelSteps < 0)
        && !(entry.RetentionHours < 0)
            ? new ApiKey(id, name, allowed, hash, entry.CreatedAt)
            {
                ExpiresAt = entry.ExpiresAt,
                Disabled = entry.Disabled,
                Limits = new(entry.MaxQueued, entry.MaxMegapixelSteps, entry.RetentionHours),
            }
            : throw new InvalidDataException($"its key number {index + 1} has a value that cannot be");

    private static KeyEntry Entry(ApiKey key) => new(key.Id, key.Name, KeyScopes.NamesOf(key.Scopes), key.Hash.ToString(), key.CreatedAt, key.ExpiresAt,
        key.Disabled, key.Limits.MaxQueued)
    {
        MaxMegapixelSteps = key.Limits.MaxMegapixelSteps,
        RetentionHours = key.Limits.RetentionHours,
    };
}

internal sealed record KeysDocument(int Version, IReadOnlyList<KeyEntry>? Keys);

internal sealed record KeyEntry(
    string? Id, string? Name, IReadOnlyList<string>? Scopes, string? Hash, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt = null, bool Disabled = false,
    int? MaxQueued = null)
{
    public double? MaxMegapixelSteps { get; init; }
    public double? RetentionHours { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(KeysDocument))]
internal sealed partial class KeysJson : JsonSerializerContext;
