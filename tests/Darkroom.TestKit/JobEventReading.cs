using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Darkroom.TestKit;

/// <summary>An event as a reader of a job's stream gets it.</summary>
public sealed record ReadEvent(string? Id, string Name, JsonElement Data)
{
    /// <summary>Whether it ends the stream.</summary>
    public bool IsFinal => Name is "succeeded" or "failed" or "cancelled" or "expired";
}

/// <summary>Reads a job's events with .NET's own parser of server-sent events.</summary>
public static class JobEventReading
{
    /// <summary>Until the server ends the stream.</summary>
    public static async Task<List<ReadEvent>> AllEventsAsync(this HttpClient client, string job, string? lastEventId = null,
        CancellationToken cancellation = default)
    {
        var events = new List<ReadEvent>();
        await foreach (var one in client.EventsAsync(job, lastEventId, cancellation)) events.Add(one);
        return events;
    }

    /// <summary>One after the other, as they come.</summary>
    public static async IAsyncEnumerable<ReadEvent> EventsAsync(
        this HttpClient client, string job, string? lastEventId = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        using var answer = await client.OpenEventsAsync(job, lastEventId, cancellation);
        answer.EnsureSuccessStatusCode();
        if (answer.StatusCode == HttpStatusCode.NoContent) yield break;
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellation))
            yield return new ReadEvent(item.EventId, item.EventType, JsonSerializer.Deserialize<JsonElement>(item.Data));
    }

    /// <summary>The answer, its body not yet read.</summary>
    public static async Task<HttpResponseMessage> OpenEventsAsync(this HttpClient client, string job, string? lastEventId = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{job}/events");
        if (lastEventId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }
}
