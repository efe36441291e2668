using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Darkroom.Models.Fields;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Http;

/// <summary>A body of JSON in UTF-8, its long pictures beside it.</summary>
/// <param name="Document">To be disposed of by the caller.</param>
/// <param name="Pictures">Long texts under the names that are pictures, which the document does not have.</param>
internal sealed record JsonBody(JsonDocument Document, IReadOnlyList<LongText> Pictures)
{
    private const int Short = 16 * 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    /// <summary>The body, or why there is none.</summary>
    /// <param name="bytes">All of it. What is written there later changes the pictures and not the document.</param>
    /// <param name="isPicture">Whether a name, directly under the body's object, is a picture's.</param>
    public static (JsonBody? Body, Problem? Problem) Parse(Memory<byte> bytes, Func<string, bool> isPicture)
    {
        if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        if (bytes.IsEmpty) return (null, new(ProblemType.InvalidJson, "The body is empty; a JSON object is expected."));
        if (!Utf8.IsValid(bytes.Span)) return (null, new(ProblemType.InvalidJson, "The body is not UTF-8."));
        try
        {
            if (bytes.Length <= Short) return (new(JsonDocument.Parse(bytes, Options), []), null);
            var pictures = new List<LongText>();
            return Values(bytes, isPicture, pictures) is { } values
                ? (new(JsonDocument.Parse(values, Options), pictures), null)
                : (null, new(ProblemType.TooLarge, $"Beside its pictures the body may have {BodyBytes.MaxText / 1024} KiB."));
        }
        catch (JsonException fault)
        {
            // The parser's own message may quote the body, and a prompt with it.
            var place = string.Create(CultureInfo.InvariantCulture, $"line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}");
            return (null, new(ProblemType.InvalidJson, $"The body is not JSON, or nested deeper than {Options.MaxDepth}: {place}."));
        }
    }

    /// <summary>
    /// The object without its long pictures; null where it is too long even so. A document's index takes as much memory as its text, and a picture that is read
    /// as a text three times as much: so they stay out of it.
    /// </summary>
    private static ReadOnlyMemory<byte>? Values(Memory<byte> bytes, Func<string, bool> isPicture, List<LongText> pictures)
    {
        var reader = new Utf8JsonReader(bytes.Span, new() { MaxDepth = Options.MaxDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return bytes.Length <= BodyBytes.MaxText ? bytes : default(ReadOnlyMemory<byte>?);
        var values = new ArrayBufferWriter<byte>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = (int)reader.TokenStartIndex;
            var name = reader.ValueSpan.Length <= Short ? JsonText.Unescape(reader.ValueSpan) : null;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > Short && name is not null && isPicture(name))
            {
                pictures.Add(new(name, bytes.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length), reader.ValueIsEscaped));
                continue;
            }
            reader.Skip();
            var property = bytes.Span[at..(int)reader.BytesConsumed];
            if (values.WrittenCount + property.Length > BodyBytes.MaxText) return null;
            values.Write(values.WrittenCount == 0 ? "{"u8 : ","u8);
            values.Write(property);
        }
        values.Write(values.WrittenCount == 0 ? "{}"u8 : "}"u8);
        reader.Read(); // the end, or a fault
        return values.WrittenMemory;
    }
}

/// <summary>A long text of JSON.</summary>
/// <param name="Name">Of its field.</param>
/// <param name="Bytes">Between its quotes, within the body.</param>
/// <param name="IsEscaped">Whether there are escapes in it.</param>
internal sealed record LongText(string Name, Memory<byte> Bytes, bool IsEscaped);
