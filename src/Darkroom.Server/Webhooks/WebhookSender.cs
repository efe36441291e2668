using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Darkroom.Engine.Queue;
using Darkroom.Server.Security.Outbound;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Darkroom.Server.Webhooks;

/// <summary>One try to tell a receiver.</summary>
internal sealed class WebhookSender(HttpClient http, OutboundRule rule, WebhookSigner signer, TimeProvider time)
{
    /// <summary>Of an answer nothing but its status counts; a little is read so that its sender can end it in peace.</summary>
    private const int MaxRead = 4096;

    private static readonly TimeSpan ForReading = TimeSpan.FromSeconds(1);

    /// <summary>While one try finds out whether the receiver is back, the breaker has no time to name.</summary>
    private static readonly TimeSpan MinHold = TimeSpan.FromSeconds(1);

    /// <param name="delivery">What is told, and where.</param>
    /// <param name="pipeline">The receiver's own: how long is waited, and whether it is left alone.</param>
    /// <param name="stopping">Gives the try up; whether it arrived is not known then.</param>
    public async ValueTask<TryOutcome> SendAsync(WebhookDelivery delivery, ResiliencePipeline pipeline, CancellationToken stopping)
    {
        // Asked again here: the settings may have changed since the job was admitted.
        if (rule.Find(delivery.Url) is not { } url) return new TryOutcome.Gone("the settings do not allow its address");
        var payload = WebhookPayload.Of(delivery.Job);
        try
        {
            return await pipeline.ExecuteAsync(async cancellation => await PostAsync(url, delivery.Id, payload, cancellation), stopping);
        }
        catch (BrokenCircuitException broken)
        {
            return new TryOutcome.Held(broken.RetryAfter > MinHold ? broken.RetryAfter.Value : MinHold);
        }
        catch (TimeoutRejectedException)
        {
            return new TryOutcome.Failed("no answer in time");
        }
        catch (HttpRequestException fault)
        {
            return new TryOutcome.Failed(fault.InnerException is OutboundRefusedException ? "its host stands for an address that may not be called"
                : string.Create(CultureInfo.InvariantCulture, $"{fault.HttpRequestError}"));
        }
    }

    private async ValueTask<TryOutcome> PostAsync(Uri url, string id, string payload, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(payload)) { Headers = { ContentType = new("application/json") } };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Darkroom", null));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", signer.Sign(id, now, payload));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!response.IsSuccessStatusCode) return Refused(response, now);
        await ReadAsync(response.Content, cancellation);
        return new TryOutcome.Delivered();
    }

    private static TryOutcome Refused(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}");
        if (response.StatusCode == HttpStatusCode.Gone) return new TryOutcome.Gone(status);
        bool isBusy = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        return new TryOutcome.Failed(status, isBusy ? response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - now : null);
    }

    private async Task ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(ForReading, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await using var body = await content.ReadAsStreamAsync(end.Token);
            await body.ReadAtLeastAsync(new byte[MaxRead], MaxRead, throwOnEndOfStream: false, end.Token);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException)
        {
            // It said that it has the end; how its answer goes on does not matter.
        }
    }
}
