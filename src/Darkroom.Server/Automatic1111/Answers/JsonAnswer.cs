using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Server.Http;

namespace Darkroom.Server.Automatic1111.Answers;

/// <summary>Writes a JSON answer of a shape that is AUTOMATIC1111's: its nulls are part of it.</summary>
internal static class JsonAnswer
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="context">The request that is answered.</param>
    /// <param name="value">Null: <c>null</c>, as answers without content are there.</param>
    public static async Task WriteAsync(HttpContext context, JsonNode? value)
    {
        var bytes = value is null ? "null"u8.ToArray() : System.Text.Encoding.UTF8.GetBytes(value.ToJsonString(Options));
        JsonResponse.Begin(context, bytes.Length, StatusCodes.Status200OK);
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
