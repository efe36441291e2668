using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Darkroom.TestKit.Chaos;

/// <summary>Sends orders, each in its manner, and says how they ended.</summary>
public sealed class ChaosCaller(HttpClient client)
{
    /// <summary>A job that takes longer has no end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <returns>Its end; whatever was thrown is one, and none that is expected.</returns>
    public async Task<ChaosEnd> SendAsync(ChaosOrder order)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return order.Manner switch
            {
                Manner.Wait or Manner.Picture or Manner.Deadline => (await PostAsync(order, patience.Token)).End(),
                Manner.HangUp => await HangUpAsync(order, patience.Token),
                _ => await WithoutWaitingAsync(order, patience.Token),
            };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new ChaosEnd($"no end within {Patience.TotalMinutes} minutes");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new ChaosEnd(e.GetType().Name, Detail: e.ToString());
        }
    }

    /// <summary>Jobs that wait or run.</summary>
    public async Task<int> UnfinishedAsync()
    {
        int count = 0;
        foreach (string status in new[] { "queued", "running" })
        {
            using var answer = await client.GetAsync($"/v1/jobs?status={status}");
            using var list = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            count += list.RootElement.GetProperty("data").GetArrayLength();
        }
        return count;
    }

    private async Task<ChaosEnd> HangUpAsync(ChaosOrder order, CancellationToken patience)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(patience);
        leave.CancelAfter(order.Patience);
        try
        {
            return (await PostAsync(order, leave.Token)).End();
        }
        catch (OperationCanceledException) when (!patience.IsCancellationRequested)
        {
            return ChaosEnd.Left;
        }
    }

    private async Task<ChaosEnd> WithoutWaitingAsync(ChaosOrder order, CancellationToken patience)
    {
        var accepted = await PostAsync(order, patience);
        if (accepted.Status != HttpStatusCode.Accepted) return accepted.End();
        string id = accepted.Json.GetProperty("id").GetString()!;
        switch (order.Manner)
        {
            case Manner.Cancel:
                await Task.Delay(order.Patience, patience);
                using (var answer = await client.DeleteAsync($"/v1/jobs/{id}", patience)) answer.EnsureSuccessStatusCode();
                break;
            case Manner.Follow:
                return await FollowAsync(id, null, patience);
            case Manner.Resume:
                return await FollowAsync(id, await CutOffAsync(id, order.Patience, patience), patience);
            case Manner.Idle:
                using (await client.OpenEventsAsync(id, cancellation: patience)) return await PollAsync(id, patience);
        }
        return await PollAsync(id, patience);
    }

    private async Task<ChaosEnd> PollAsync(string id, CancellationToken patience)
    {
        while (true)
        {
            var answer = await ChaosAnswer.ReadAsync(await client.GetAsync($"/v1/jobs/{id}", patience), patience);
            if (answer.Status != HttpStatusCode.OK) return answer.End();
            if (answer.Json.GetProperty("status").GetString() is not ("queued" or "running")) return ChaosAnswer.OfJob(answer.Json);
            await Task.Delay(50, patience);
        }
    }

    /// <summary>The last id that was read before the connection went; null: none.</summary>
    private async Task<string?> CutOffAsync(string id, int milliseconds, CancellationToken patience)
    {
        string? last = null;
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(patience);
        cut.CancelAfter(milliseconds);
        try
        {
            await foreach (var one in client.EventsAsync(id, last, cut.Token))
            {
                if (one.IsFinal) break; // its id would have nothing come after it
                last = one.Id;
            }
        }
        catch (OperationCanceledException) when (!patience.IsCancellationRequested)
        {
        }
        return last;
    }

    private async Task<ChaosEnd> FollowAsync(string id, string? after, CancellationToken patience)
    {
        ReadEvent? final = null;
        await foreach (var one in client.EventsAsync(id, after, patience))
        {
            if (final is not null) return new ChaosEnd($"event {one.Name} after the end");
            if (one.IsFinal) final = one;
            // The signature of a PNG, in base64.
            else if (one.Name == "preview" && !one.Data.GetProperty("data").GetString()!.StartsWith("iVBORw0KGgo", StringComparison.Ordinal))
                return new ChaosEnd("preview that is no PNG");
        }
        if (final is null) return new ChaosEnd("events without an end");
        return final.Name == "succeeded" ? ChaosAnswer.OfJob(final.Data) : ChaosAnswer.OfProblem(final.Data);
    }

    private async Task<ChaosAnswer> PostAsync(ChaosOrder order, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/" + order.Task)
            { Content = new StringContent(order.Body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(order.Manner == Manner.Picture ? "image/png" : "application/json"));
        if (order.Manner is not (Manner.Wait or Manner.Picture or Manner.Deadline or Manner.HangUp)) request.Headers.Add("Prefer", "respond-async");
        return await ChaosAnswer.ReadAsync(await client.SendAsync(request, cancellation), cancellation);
    }
}
