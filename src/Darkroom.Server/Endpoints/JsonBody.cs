using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Darkroom.Server.Problems;
using Microsoft.Net.Http.Headers;

namespace Darkroom.Server.Endpoints;

/// <summary>The body of a text route: at most 256 KiB of JSON in UTF-8.</summary>
internal static class JsonBody
{
    public const int LargestBytes = 256 * 1024;

    // A body that is too large is still read to here, so that its sender gets to the answer; a longer one is cut off.
    private const int LargestDiscarded = 8 * 1024 * 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    /// <summary>The document, to be disposed of by the caller, or why there is none.</summary>
    public static async ValueTask<(JsonDocument? Json, Problem? Problem)> ReadAsync(HttpContext context)
    {
        if (WrongType(context.Request) is { } wrong) return (null, wrong);
        var (bytes, tooLarge) = await BytesAsync(context);
        if (tooLarge) return (null, new(ProblemType.TooLarge, $"The body may have {LargestBytes / 1024} KiB."));
        return Parse(bytes);
    }

    internal static (JsonDocument? Json, Problem? Problem) Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        if (bytes.IsEmpty) return (null, new(ProblemType.InvalidJson, "The body is empty; a JSON object is expected."));
        if (!Utf8.IsValid(bytes.Span)) return (null, new(ProblemType.InvalidJson, "The body is not UTF-8."));
        try
        {
            return (JsonDocument.Parse(bytes, Options), null);
        }
        catch (JsonException fault)
        {
            // The parser's own message may quote the body, and a prompt with it.
            var place = string.Create(CultureInfo.InvariantCulture, $"line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}");
            return (null, new(ProblemType.InvalidJson, $"The body is not JSON, or nested deeper than {Options.MaxDepth}: {place}."));
        }
    }

    private static Problem? WrongType(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return new(ProblemType.UnsupportedMediaType, "The request has no Content-Type; send application/json.");
        if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return new(ProblemType.MediaTypeNotYetSupported, "multipart/form-data is not supported yet; send application/json.");
        if (!type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            return new(ProblemType.UnsupportedMediaType, "Send application/json (with curl: -H 'content-type: application/json').");
        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
            return new(ProblemType.UnsupportedMediaType, "JSON is sent in UTF-8.");
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            return new(ProblemType.UnsupportedMediaType, "Send the body without a Content-Encoding.");
        return null;
    }

    private static async ValueTask<(ReadOnlyMemory<byte> Bytes, bool TooLarge)> BytesAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength > LargestDiscarded || (request.ContentLength > LargestBytes && request.Headers.Expect.Count > 0))
        {
            context.Response.Headers.Connection = "close";
            return (default, true);
        }

        var reader = request.BodyReader;
        long discarded = 0;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            var tooLarge = discarded + read.Buffer.Length > LargestBytes;
            if (tooLarge)
            {
                discarded += read.Buffer.Length;
                reader.AdvanceTo(read.Buffer.End);
                if (!read.IsCompleted && discarded <= LargestDiscarded) continue;
                if (!read.IsCompleted) context.Response.Headers.Connection = "close";
                return (default, true);
            }
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return (bytes, false);
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
