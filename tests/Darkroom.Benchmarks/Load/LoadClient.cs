using System.Buffers;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Darkroom.Benchmarks.Load;

/// <summary>Sends requests to one server and notes what becomes of them. As many connections as there are answers outstanding.</summary>
internal sealed class LoadClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient client;

    public LoadClient(Uri server)
    {
        client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = int.MaxValue, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10),
        })
        {
            BaseAddress = server,
            Timeout = TimeSpan.FromMinutes(5),
        };
    }

    /// <summary>One request, to the last byte of its answer. Never throws.</summary>
    /// <param name="clock">Runs since the start of the point.</param>
    public async Task<LoadSample> SendAsync(LoadKind kind, byte[] body, double due, Stopwatch clock)
    {
        double sent = clock.Elapsed.TotalSeconds;
        int status = 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(16384);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/{kind.Task}")
                { Content = new ByteArrayContent(body) { Headers = { ContentType = Json } } };
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            status = (int)answer.StatusCode;
            await using var stream = await answer.Content.ReadAsStreamAsync();
            int length = 0;
            for (int read; (read = await stream.ReadAsync(buffer.AsMemory(length))) > 0;)
            {
                length += read;
                if (length < buffer.Length) continue;
                byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
            double finished = clock.Elapsed.TotalSeconds;
            var (queued, batch) = status == 200 ? TimingsOf(buffer.AsSpan(0, length)) : default;
            string? fault = status is 200 or 503 or 429 ? null : $"{status}: {Encoding.UTF8.GetString(buffer, 0, Math.Min(length, 300))}";
            return new LoadSample(kind, due, sent, finished, status, answer.Headers.RetryAfter is not null, queued, batch, fault);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            return new LoadSample(kind, due, sent, clock.Elapsed.TotalSeconds, status == 200 ? 0 : status, false, 0, 0, $"{e.GetType().Name}: {e.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose() => client.Dispose();

    private static (double QueuedMs, double MeanBatch) TimingsOf(ReadOnlySpan<byte> answer)
    {
        double queued = 0, batch = 0;
        var reader = new Utf8JsonReader(answer);
        while (reader.Read())
        {
            // Only the timings have fields of these names, and prompts are values.
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.ValueTextEquals("queued_ms"u8) && reader.Read()) queued = reader.GetDouble();
            else if (reader.ValueTextEquals("mean_batch"u8) && reader.Read()) batch = reader.GetDouble();
        }
        return (queued, batch);
    }
}
