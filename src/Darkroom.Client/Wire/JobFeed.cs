using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Darkroom.Client.Wire;

/// <summary>What happens to a job, read on over broken connections and restarts of the server until the job's end.</summary>
internal sealed class JobFeed(ServerCalls calls, string job)
{
    // The server says every 15 seconds that it lives.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45), FirstPause = TimeSpan.FromMilliseconds(100), MaxPause = TimeSpan.FromSeconds(5);

    private readonly TimeProvider time = calls.Options.TimeProvider;

    /// <param name="after">Mark of the last event that was seen; null: from the beginning.</param>
    /// <param name="cancellation">Stops the reading; the job goes on.</param>
    public async IAsyncEnumerable<JobEvent> ReadAsync(string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long heard = time.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            var (response, fault) = await OpenAsync(after, cancellation).ConfigureAwait(false);
            if (response is { StatusCode: HttpStatusCode.NoContent })
            {
                // Nothing comes any more: it has ended.
                response.Dispose();
                if (await EndAsync(cancellation).ConfigureAwait(false) is { } end) yield return end;
                yield break;
            }
            if (response is not null)
            {
                await using var events = ReadAsync(response, cancellation).GetAsyncEnumerator(cancellation);
                while (true)
                {
                    (var next, fault) = await NextAsync(events, cancellation).ConfigureAwait(false);
                    if (next is null) break;
                    (after, heard, pause) = (next.Mark ?? after, time.GetTimestamp(), FirstPause);
                    yield return next;
                    if (next.IsEnd) yield break;
                }
            }
            if (time.GetElapsedTime(heard) > calls.Options.ReconnectFor)
                throw fault ?? new IOException("The server ends the job's events before the job does.");
            await Task.Delay(fault is DarkroomException { RetryAfter: { } wait } && wait < MaxPause ? wait : pause, time, cancellation).ConfigureAwait(false);
            pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
        }
    }

    /// <summary>A connection, or why there is none yet.</summary>
    private async Task<(HttpResponseMessage? Response, Exception? Fault)> OpenAsync(string? after, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(calls.Options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            using var request = calls.Request(HttpMethod.Get, $"v1/jobs/{Uri.EscapeDataString(job)}/events");
            request.Headers.Accept.Add(new("text/event-stream"));
            if (after is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", after);
            return (await calls.SendAsync(request, either.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return (null, new TimeoutException($"{calls.Address} did not answer within {calls.Options.Timeout.TotalSeconds:0.###} s."));
        }
        catch (Exception fault) when (RetryPipeline.MayPass(fault, calls.Options) && !cancellation.IsCancellationRequested)
        {
            return (null, fault);
        }
    }

    private async IAsyncEnumerable<JobEvent> ReadAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using (response)
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            await using var living = new LivingStream(stream, Silence, time);
            var items = SseParser.Create(living, (name, data) => (Name: name, Data: data.ToArray()));
            await foreach (var item in items.EnumerateAsync(cancellation).ConfigureAwait(false))
                yield return JobEventReader.Read(job, item.Data.Name, item.EventId, item.Data.Data);
        }
    }

    /// <summary>The next event; none where the connection ends, with the fault that ended it.</summary>
    private static async Task<(JobEvent? Event, Exception? Fault)> NextAsync(IAsyncEnumerator<JobEvent> events, CancellationToken cancellation)
    {
        try
        {
            return (await events.MoveNextAsync().ConfigureAwait(false) ? events.Current : null, null);
        }
        catch (Exception fault) when (RetryPipeline.IsBroken(fault) && !cancellation.IsCancellationRequested)
        {
            return (null, fault);
        }
    }

    private async Task<JobEvent?> EndAsync(CancellationToken cancellation) => JobEventReader.EndOf(
        await calls.GetAsync($"v1/jobs/{Uri.EscapeDataString(job)}", ClientJson.Default.JobSnapshot, cancellation).ConfigureAwait(false));
}
