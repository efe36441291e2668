using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.OpenAi.Reading;

/// <summary>
/// Long <c>image_url</c> texts of a body, taken out of its JSON, which is read as a document that would hold them three times. In their places stand names that
/// nobody can foresee.
/// </summary>
internal sealed class LiftedTexts
{
    private const int Short = 16 * 1024, SecretBytes = 16;

    private readonly string prefix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)) + ":";
    private readonly List<(Memory<byte> Bytes, bool IsEscaped)> texts = [];

    /// <summary>The same JSON without them; what is no JSON comes back as it is.</summary>
    public Memory<byte> Take(Memory<byte> json)
    {
        if (json.Length <= Short || !Utf8.IsValid(json.Span)) return json;
        var rest = new ArrayBufferWriter<byte>();
        int from = json.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0, start = from;
        try
        {
            var reader = new Utf8JsonReader(json.Span[start..], new() { MaxDepth = 32 });
            bool isAddress = false;
            while (reader.Read())
            {
                if (isAddress && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > Short)
                {
                    int at = start + (int)reader.TokenStartIndex + 1; // behind the quote
                    rest.Write(json.Span[from..at]);
                    Encoding.ASCII.GetBytes($"{prefix}{texts.Count}", rest);
                    texts.Add((json.Slice(at, reader.ValueSpan.Length), reader.ValueIsEscaped));
                    from = at + reader.ValueSpan.Length;
                }
                isAddress = reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("image_url"u8);
            }
        }
        catch (JsonException)
        {
            return json; // who reads it says where it is wrong
        }
        if (texts.Count == 0) return json;
        rest.Write(json.Span[from..]);
        return rest.WrittenMemory.ToArray();
    }

    /// <summary>A text of the JSON as a picture that was sent: the long one that it stands for, or itself.</summary>
    public SentFile Sent(string name, string text)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal)) return new(name, Encoding.UTF8.GetBytes(text), SentForm.Base64);
        var (bytes, isEscaped) = texts[int.Parse(text.AsSpan(prefix.Length), System.Globalization.CultureInfo.InvariantCulture)];
        return new(name, bytes, isEscaped ? SentForm.EscapedBase64 : SentForm.Base64);
    }
}
