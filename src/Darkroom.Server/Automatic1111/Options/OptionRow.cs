using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Automatic1111.Options;

/// <summary>What options may name.</summary>
/// <param name="Models">The models there are.</param>
/// <param name="Vaes">The autoencoders beside them; null: none.</param>
internal sealed record OptionParts(IModelDirectory Models, IAutoencoderDirectory? Vaes);

/// <summary>What a value does to the options.</summary>
/// <param name="Options">With it in force; null: it is wrong.</param>
/// <param name="Fault">What is wrong, behind the key: <c>must be …</c>; null: nothing.</param>
/// <param name="Limit">What is allowed.</param>
internal readonly record struct OptionReading(A1111Options? Options, string? Fault = null, string? Limit = null)
{
    public static implicit operator OptionReading(A1111Options options) => new(options);
}

/// <summary>A key that Darkroom heeds.</summary>
/// <param name="Key">As AUTOMATIC1111 calls it.</param>
/// <param name="Show">The value in force.</param>
/// <param name="Read">What a value does.</param>
internal sealed record OptionRow(
    string Key, Func<A1111Options, OptionParts, JsonNode?> Show, Func<A1111Options, JsonElement, OptionParts, OptionReading> Read)
{
    /// <summary>A whole number; null takes the caller's word back.</summary>
    public static OptionRow Whole(
        string key, long min, long max, Func<A1111Options, long> show, Func<A1111Options, long?, A1111Options> set) => new(
        key, (options, _) => show(options),
        (options, json, _) => json.ValueKind == JsonValueKind.Null ? set(options, null)
            : json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var value) && value == Math.Floor(value) && value >= min && value <= max
                ? set(options, (long)value)
            : new OptionReading(null, "must be a whole number", $"{min}…{max}"));

    /// <summary>A share; null takes the caller's word back.</summary>
    public static OptionRow Share(string key, Func<A1111Options, double> show, Func<A1111Options, double?, A1111Options> set) => new(
        key, (options, _) => show(options),
        (options, json, _) => json.ValueKind == JsonValueKind.Null ? set(options, null)
            : json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var value) && value is >= 0 and <= 1 ? set(options, value)
            : new OptionReading(null, "must be a number", "0…1"));

    public static OptionRow Flag(string key, Func<A1111Options, bool> show, Func<A1111Options, bool, A1111Options> set) => new(
        key, (options, _) => show(options),
        (options, json, _) => json.ValueKind switch
        {
            JsonValueKind.Null => set(options, show(A1111Options.Default)),
            JsonValueKind.True => set(options, true),
            JsonValueKind.False => set(options, false),
            _ => new OptionReading(null, "must be true or false"),
        });

    /// <summary>One of a few names, in any case; null takes the caller's word back.</summary>
    /// <param name="names">Those that are taken.</param>
    public static OptionRow Choice(
        string key, IReadOnlyList<string> names, Func<A1111Options, string> show, Func<A1111Options, string?, A1111Options> set) => new(
        key, (options, _) => show(options),
        (options, json, _) =>
        {
            if (json.ValueKind == JsonValueKind.Null) return set(options, null);
            var text = json.ValueKind == JsonValueKind.String ? JsonText.Of(json) : null;
            return names.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found
                ? set(options, found) : new OptionReading(null, "must be one of its names", "one of: " + string.Join(", ", names));
        });

    /// <summary>A name of something that may come and go; empty or null takes the caller's word back.</summary>
    /// <param name="show">The name in force.</param>
    /// <param name="set">What a name does.</param>
    public static OptionRow Named(
        string key, Func<A1111Options, OptionParts, JsonNode?> show, Func<A1111Options, string?, OptionParts, OptionReading> set) => new(
        key, show,
        (options, json, parts) => json.ValueKind switch
        {
            JsonValueKind.Null => set(options, null, parts),
            JsonValueKind.String => set(options, JsonText.Of(json) is { Length: > 0 } name ? name : null, parts),
            _ => new OptionReading(null, "must be a name, as a string"),
        });
}
