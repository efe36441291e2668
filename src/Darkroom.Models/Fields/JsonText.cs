using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>
/// Reads JSON strings that the framework refuses: an escaped surrogate without its other half (<c>\ud83d</c> cut in two by a client) becomes
/// U+FFFD, as Unicode asks of a decoder.
/// </summary>
public static class JsonText
{
    public static string Of(JsonElement json)
    {
        var raw = JsonMarshal.GetRawUtf8Value(json);
        return Unescape(raw[1..^1]);
    }

    public static string NameOf(JsonProperty property) => Unescape(JsonMarshal.GetRawUtf8PropertyName(property));

    /// <summary>The text of a string's bytes between its quotes; they passed the JSON parser, so every escape is well formed.</summary>
    public static string Unescape(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\')) return Encoding.UTF8.GetString(raw);
        var text = new StringBuilder(raw.Length);
        while (raw.IndexOf((byte)'\\') is var at and >= 0)
        {
            text.Append(Encoding.UTF8.GetString(raw[..at]));
            raw = raw[(at + 1)..];
            var escape = raw[0];
            raw = raw[1..];
            if (escape == 'u') text.Append(Unit(ref raw));
            else text.Append(escape switch { (byte)'n' => '\n', (byte)'t' => '\t', (byte)'r' => '\r', (byte)'b' => '\b',
                (byte)'f' => '\f', _ => (char)escape });
        }
        return text.Append(Encoding.UTF8.GetString(raw)).ToString().ReplaceLoneSurrogates();
    }

    private static char Unit(ref ReadOnlySpan<byte> raw)
    {
        var unit = (char)ushort.Parse(raw[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        raw = raw[4..];
        return unit;
    }

    private static string ReplaceLoneSurrogates(this string text)
    {
        var whole = true;
        foreach (var rune in text.EnumerateRunes()) whole &= rune != Rune.ReplacementChar;
        if (whole) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(rune);
        return clean.ToString();
    }
}
