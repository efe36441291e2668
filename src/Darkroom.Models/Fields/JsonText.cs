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

    /// <summary>Unescapes a string that is expected to be ASCII in its place; an escaped character beyond ASCII becomes 0x7F.</summary>
    /// <param name="raw">The bytes between its quotes; they passed the JSON parser.</param>
    /// <returns>Its length.</returns>
    public static int UnescapeAscii(Span<byte> raw)
    {
        int length = 0;
        for (int at = 0; at < raw.Length;)
        {
            int escape = raw[at..].IndexOf((byte)'\\');
            int run = escape < 0 ? raw.Length - at : escape;
            raw.Slice(at, run).CopyTo(raw[length..]);
            (length, at) = (length + run, at + run);
            if (escape < 0) break;
            byte sign = raw[at + 1];
            ReadOnlySpan<byte> unit = raw[(at + 2)..];
            raw[length++] = sign switch
            {
                (byte)'u' => Unit(ref unit) is < (char)0x7F and var ascii ? (byte)ascii : (byte)0x7F,
                (byte)'n' => (byte)'\n', (byte)'t' => (byte)'\t', (byte)'r' => (byte)'\r', (byte)'b' => (byte)'\b', (byte)'f' => (byte)'\f',
                _ => sign,
            };
            at += sign == 'u' ? 6 : 2;
        }
        return length;
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
