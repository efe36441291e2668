using System.Text;
using Microsoft.Net.Http.Headers;

namespace Darkroom.Server.Http;

/// <summary>One part of a form.</summary>
/// <param name="Name">Of the field.</param>
/// <param name="IsFile">Whether it names a file, however that is called.</param>
/// <param name="Bytes">Within the body.</param>
internal sealed record FormPart(string Name, bool IsFile, Memory<byte> Bytes);

/// <summary>Cuts a body of <c>multipart/form-data</c> (RFC 7578) into its parts. Every bound is checked before anything is kept.</summary>
internal static class MultipartReader
{
    public const int MaxBoundary = 70, MaxParts = 128, MaxHeaderBytes = 4096, MaxHeaders = 16;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>The parts, or in a sentence why the body is no form.</summary>
    public static (IReadOnlyList<FormPart> Parts, string? Fault) Read(Memory<byte> body, string boundary)
    {
        if (boundary is not { Length: > 0 and <= MaxBoundary } || boundary.Any(sign => sign is < ' ' or > '~') || boundary[^1] == ' ')
            return ([], $"The Content-Type must name a boundary of 1…{MaxBoundary} characters.");
        var delimiter = Encoding.ASCII.GetBytes("\r\n--" + boundary);
        var parts = new List<FormPart>();
        // The first delimiter may stand at the very start, without a line before it.
        var at = body.Span.StartsWith(delimiter.AsSpan(2)) ? delimiter.Length - 2
            : Next(body.Span, 0, delimiter) is var first and >= 0 ? first + delimiter.Length : -1;
        if (at < 0) return ([], "The form's boundary does not stand in it.");
        while (true)
        {
            if (body.Span[at..].StartsWith("--"u8)) return (parts, null);
            var line = body.Span[at..].IndexOf(LineEnd);
            if (line < 0) return ([], "The form is cut short.");
            if (body.Span.Slice(at, line).ContainsAnyExcept((byte)' ', (byte)'\t')) return ([], "The form's boundary is followed by something else.");
            if (parts.Count == MaxParts) return ([], $"The form has more than {MaxParts} parts.");
            at += line + LineEnd.Length;

            var end = Next(body.Span, at - LineEnd.Length, delimiter);
            if (end < 0) return ([], "The form is cut short.");
            if (end < at) return ([], "A part of the form has no headers.");
            var (part, fault) = Part(body[at..end]);
            if (part is null) return ([], fault);
            parts.Add(part);
            at = end + delimiter.Length;
        }
    }

    private static int Next(ReadOnlySpan<byte> body, int from, ReadOnlySpan<byte> delimiter) =>
        body[from..].IndexOf(delimiter) is var at and >= 0 ? from + at : -1;

    // What a file says of its bytes is not asked; a text in another encoding would be read as what it is not.
    private static bool IsUtf8(string contentType) =>
        !MediaTypeHeaderValue.TryParse(contentType.Trim(), out var type) || !type.Charset.HasValue
        || HeaderUtilities.RemoveQuotes(type.Charset).Value?.ToLowerInvariant() is "utf-8" or "us-ascii";

    private static (FormPart? Part, string? Fault) Part(Memory<byte> part)
    {
        ReadOnlySpan<byte> start = part.Span[..Math.Min(part.Length, MaxHeaderBytes + 4)];
        var end = start.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return (null, part.Length > MaxHeaderBytes ? $"The headers of a part have more than {MaxHeaderBytes} bytes."
                : "A part of the form has no headers.");
        var lines = Encoding.UTF8.GetString(start[..end]).Split("\r\n");
        if (lines.Length > MaxHeaders) return (null, $"A part of the form has more than {MaxHeaders} headers.");
        ContentDispositionHeaderValue? disposition = null;
        foreach (var line in lines)
        {
            if (line.Split(':', 2) is not [var name, var value]) return (null, "A part of the form has a header that is none.");
            if (name.Equals("Content-Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
                && value.Trim().ToLowerInvariant() is not ("binary" or "8bit" or "7bit"))
                return (null, "Parts are sent as they are, without a Content-Transfer-Encoding.");
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && !IsUtf8(value))
                return (null, "Parts with text are sent in UTF-8.");
            if (!name.Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase)) continue;
            if (disposition is not null) return (null, "A part of the form has two headers Content-Disposition.");
            if (!ContentDispositionHeaderValue.TryParse(value.Trim(), out disposition))
                return (null, "A part of the form has a Content-Disposition that cannot be read.");
        }
        if (disposition is null || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase))
            return (null, "A part of the form has no Content-Disposition: form-data.");
        var field = HeaderUtilities.UnescapeAsQuotedString(HeaderUtilities.RemoveQuotes(disposition.Name)).Value;
        return field is { Length: > 0 }
            ? (new(field, disposition.FileName.HasValue || disposition.FileNameStar.HasValue, part[(end + 4)..]), null)
            : (null, "A part of the form has no name.");
    }
}
