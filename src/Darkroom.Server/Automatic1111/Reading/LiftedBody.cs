using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>
/// A body of JSON whose long texts lie beside it, wherever they stood: pictures in lists and in the arguments of scripts are never read as texts, which would
/// take three times their memory.
/// </summary>
/// <param name="Document">To be disposed of by the caller.</param>
/// <param name="texts">In the order in which they stood.</param>
internal sealed record LiftedBody(JsonDocument Document, IReadOnlyList<LiftedText> texts) : IDisposable
{
    private const int Short = 16 * 1024;
    private const char Mark = '\u0001'; // before the number of a text in its place; who sends such a text means a picture of its own request

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    /// <summary>They are texts however long they are: how long they may be is told where they are read.</summary>
    private static readonly string[] Texts = ["prompt", "negative_prompt", "hr_prompt", "hr_negative_prompt", "infotext"];

    public JsonElement Json => Document.RootElement;

    public void Dispose() => Document.Dispose();

    /// <summary>The body, or why there is none.</summary>
    /// <param name="bytes">All of it; pictures are decoded in their places there.</param>
    public static (LiftedBody? Body, Problem? Problem) Parse(Memory<byte> bytes)
    {
        if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        if (bytes.IsEmpty) return (null, new(ProblemType.InvalidJson, "The body is empty; a JSON object is expected."));
        if (!Utf8.IsValid(bytes.Span)) return (null, new(ProblemType.InvalidJson, "The body is not UTF-8."));
        try
        {
            var texts = new List<LiftedText>();
            if (Lift(bytes, texts) is not { } values)
                return (null, new(ProblemType.TooLarge, $"Beside its pictures the body may have {BodyBytes.MaxText / 1024} KiB."));
            var document = JsonDocument.Parse(values, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return (new(document, texts), null);
            document.Dispose();
            return (null, new(ProblemType.InvalidRequest, "The body must be a JSON object."));
        }
        catch (JsonException fault)
        {
            // The parser's own message may quote the body, and a prompt with it.
            var place = string.Create(CultureInfo.InvariantCulture, $"line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}");
            return (null, new(ProblemType.InvalidJson, $"The body is not JSON, or nested deeper than {Options.MaxDepth}: {place}."));
        }
    }

    /// <summary>The same with further properties behind its own; of two with one name the later counts.</summary>
    /// <param name="more">An object, as JSON.</param>
    /// <returns>To be disposed of as well.</returns>
    public LiftedBody With(string more) => new(JsonDocument.Parse(Joined(Json, more), Options), texts);

    /// <summary>The properties of two objects in one. What was sent stays as it was, to the letter: it may have texts that no writer takes.</summary>
    public static string Joined(JsonElement json, string more)
    {
        var (own, added) = (json.GetRawText()[1..^1], more[1..^1]);
        return $"{{{own}{(added.Length > 0 && json.EnumerateObject().Any() ? "," : "")}{added}}}";
    }

    /// <summary>A text that is a picture, as its field reads it.</summary>
    /// <param name="json">A string.</param>
    /// <param name="field">Name of the native field.</param>
    public SentFile FileOf(JsonElement json, string field)
    {
        if (LiftedOf(json) is { } text) return new(field, text.Bytes, text.IsEscaped ? SentForm.EscapedBase64 : SentForm.Base64);
        return new(field, Encoding.UTF8.GetBytes(JsonText.Of(json)), SentForm.Base64);
    }

    /// <summary>Whether a text begins so, in any case.</summary>
    public bool Begins(JsonElement json, string start)
    {
        var bytes = LiftedOf(json) is { } text ? text.Bytes.Span[..Math.Min(start.Length, text.Bytes.Length)] : Encoding.UTF8.GetBytes(JsonText.Of(json));
        return Ascii.EqualsIgnoreCase(bytes[..Math.Min(start.Length, bytes.Length)], Encoding.ASCII.GetBytes(start));
    }

    /// <summary>Whether a string was too long to be anything but a picture.</summary>
    public bool IsLifted(JsonElement json) => LiftedOf(json) is not null;

    private LiftedText? LiftedOf(JsonElement json) =>
        JsonText.Of(json) is [Mark, .. var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && index < texts.Count ? texts[index] : null;

    private static ReadOnlyMemory<byte>? Lift(Memory<byte> bytes, List<LiftedText> texts)
    {
        if (bytes.Length <= Short) return bytes;
        var reader = new Utf8JsonReader(bytes.Span, new() { MaxDepth = Options.MaxDepth });
        var values = new ArrayBufferWriter<byte>();
        int from = 0;
        bool isText = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName) isText = IsText(ref reader);
            if (reader.TokenType != JsonTokenType.String || isText || reader.ValueSpan.Length <= Short) continue;
            int at = (int)reader.TokenStartIndex;
            if (!TryWrite(values, bytes.Span[from..at])) return null;
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"\\u0001{texts.Count}\""), values);
            texts.Add(new(bytes.Slice(at + 1, reader.ValueSpan.Length), reader.ValueIsEscaped));
            from = (int)reader.BytesConsumed;
        }
        return TryWrite(values, bytes.Span[from..]) ? values.WrittenMemory : default(ReadOnlyMemory<byte>?);
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        foreach (var name in Texts)
            if (reader.ValueTextEquals(name)) return true;
        return false;
    }

    private static bool TryWrite(ArrayBufferWriter<byte> values, ReadOnlySpan<byte> piece)
    {
        if (values.WrittenCount + piece.Length > BodyBytes.MaxText) return false;
        values.Write(piece);
        return true;
    }
}

/// <summary>A long text of a body.</summary>
/// <param name="Bytes">Between its quotes, within the body.</param>
/// <param name="IsEscaped">Whether there are escapes in it.</param>
internal sealed record LiftedText(Memory<byte> Bytes, bool IsEscaped);
