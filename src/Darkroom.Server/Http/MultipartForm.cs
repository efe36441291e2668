using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Darkroom.Imaging;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Http;

/// <summary>
/// A form as validation reads it: parts with text become the JSON that they would have been sent as, so that both have the same faults; files stay beside it.
/// </summary>
internal static class MultipartForm
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="bytes">The body.</param>
    /// <param name="boundary">Of the Content-Type; null: it has none.</param>
    /// <param name="fields">What parts mean.</param>
    /// <param name="nameOf">From a part's name to its field's, where a surface has several spellings of one; null: they are the same.</param>
    public static (RequestBody? Body, Problem? Problem) Parse(
        Memory<byte> bytes, string? boundary, ObjectReader fields, Func<string, string>? nameOf = null)
    {
        var (parts, fault) = MultipartReader.Read(bytes, boundary ?? "");
        if (fault is not null) return (null, new(ProblemType.InvalidMultipart, fault));
        if (nameOf is not null) parts = [.. parts.Select(part => part with { Name = nameOf(part.Name) })];
        var files = new List<SentFile>();
        var json = new ArrayBufferWriter<byte>();
        var texts = 0;
        using (var writer = new Utf8JsonWriter(json, Options))
        {
            writer.WriteStartObject();
            foreach (var part in parts)
            {
                var field = fields.Find(part.Name);
                if (IsFile(part, field)) files.Add(new(part.Name, part.Bytes, SentForm.File));
                else if (field is PictureField) files.Add(new(part.Name, part.Bytes, SentForm.Base64));
                else if ((texts += part.Name.Length + part.Bytes.Length) > BodyBytes.MaxText)
                    return (null, new(ProblemType.TooLarge, $"Beside its pictures the body may have {BodyBytes.MaxText / 1024} KiB."));
                else if (Utf8.IsValid(part.Bytes.Span)) Write(writer, part, field);
                else return (null, new(ProblemType.InvalidMultipart, "A part of the form holds text that is not UTF-8."));
            }
            writer.WriteEndObject();
        }
        return (new RequestBody(JsonDocument.Parse(json.WrittenMemory), files), null);
    }

    // A picture without a file name is one by its first bytes, else base64.
    private static bool IsFile(FormPart part, Field? field) => part.IsFile || (field is PictureField && PictureInfo.TypeOf(part.Bytes.Span) is not null);

    private static void Write(Utf8JsonWriter writer, FormPart part, Field? field)
    {
        writer.WritePropertyName(part.Name);
        // Python's clients write True.
        if (field is FlagField && bool.TryParse(Encoding.UTF8.GetString(part.Bytes.Span), out var flag)) writer.WriteBooleanValue(flag);
        else if (field is { IsText: false } && IsValue(part.Bytes)) writer.WriteRawValue(part.Bytes.Span, skipInputValidation: true);
        else writer.WriteStringValue(part.Bytes.Span);
    }

    // A number, true, false, null, [from, to] or an object, exactly as JSON writes it; all else is text, which such a field then refuses.
    private static bool IsValue(ReadOnlyMemory<byte> text)
    {
        if (text.IsEmpty || text.Span[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'"') return false;
        try
        {
            using var json = JsonDocument.Parse(text, new() { MaxDepth = 4 });
            return text.Span[^1] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
