using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Darkroom.Server.Http;

/// <summary>Writes server-sent events (WHATWG HTML, 9.2), each at once. JSON is one line here, so an event has one <c>data</c> line.</summary>
internal sealed class EventWriter(PipeWriter output)
{
    public static void Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx would hold events back
        response.Headers.XContentTypeOptions = "nosniff";
    }

    public async ValueTask WriteAsync<T>(string id, string name, T data, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        Text($"id: {id}\nevent: {name}\ndata: ");
        output.Write(JsonSerializer.SerializeToUtf8Bytes(data, type));
        Text("\n\n");
        await output.FlushAsync(cancellation);
    }

    /// <summary>A line that readers pass over: proxies and readers see that the connection lives.</summary>
    public async ValueTask CommentAsync(string text, CancellationToken cancellation)
    {
        Text($": {text}\n\n");
        await output.FlushAsync(cancellation);
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);
}
