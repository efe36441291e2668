using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Darkroom.Server.Http;

/// <summary>Writes a JSON answer, with its length, so that a connection stays usable.</summary>
internal static class JsonResponse
{
    public static async Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        Begin(context, bytes.Length, status);
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>Sets what comes before so many bytes of JSON.</summary>
    public static void Begin(HttpContext context, long length, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store"; // a prompt may stand in it, and what it says changes
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentLength = length;
    }
}
