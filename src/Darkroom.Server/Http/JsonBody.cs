using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Http;

/// <summary>A body of JSON in UTF-8.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    /// <summary>The document, to be disposed of by the caller, or why there is none.</summary>
    public static (JsonDocument? Json, Problem? Problem) Parse(ReadOnlyMemory<byte> bytes)
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
}
