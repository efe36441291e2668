using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Darkroom.TestKit.Exchanges;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Darkroom.EndToEnd.Generators.Prism;

/// <summary>A server that answers what a real one answered, so that Prism can stand in front of it.</summary>
internal sealed class RecordedServer : IAsyncDisposable
{
    private const string Number = "X-Exchange";

    private static readonly string[] OfTheConnection = ["Host", "Content-Length", "Connection", "Accept-Encoding", "Expect", "Transfer-Encoding", "Date"];

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<int, Exchange> waiting = new();
    private int sent;

    private RecordedServer(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public static async Task<RecordedServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new RecordedServer(builder.Build());
        server.app.Run(server.AnswerAsync);
        await server.app.StartAsync();
        return server;
    }

    /// <summary>Sends an exchange's request through Prism, which hands it on to this server and gets the exchange's answer.</summary>
    /// <returns>What Prism finds; null where it sent nothing on.</returns>
    public async Task<Violation[]?> CheckAsync(HttpClient prism, Exchange exchange)
    {
        int number = Interlocked.Increment(ref sent);
        waiting[number] = exchange;
        using var request = new HttpRequestMessage(new HttpMethod(exchange.Method), exchange.Path);
        if (exchange.Body.Length > 0) request.Content = new ByteArrayContent(exchange.Body);
        request.Headers.Add(Number, number.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in exchange.Asked.Where(header => !OfTheConnection.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content?.Headers.TryAddWithoutValidation(name, value);
        using var response = await prism.SendAsync(request);
        if (!waiting.TryRemove(number, out _) && response.Headers.Contains(Number)) return Violations(response.Headers);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    // Where there are too many for a header, Prism sends the beginning of them after other words.
    private static Violation[] Violations(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("sl-violations", out var values)) return [];
        string told = string.Join(',', values);
        return told.StartsWith('[') ? JsonSerializer.Deserialize<Violation[]>(told, JsonSerializerOptions.Web)!
            : [new([told.Contains("\"location\":[\"response\"", StringComparison.Ordinal) ? "response" : "request"], "Error", null, told)];
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // What starts it asks without a number.
        if (!int.TryParse(context.Request.Headers[Number], out int number) || !waiting.TryRemove(number, out var exchange)) return;
        context.Response.StatusCode = exchange.Status;
        foreach (var (name, value) in exchange.Told.Where(header => !OfTheConnection.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
            context.Response.Headers[name] = value;
        context.Response.Headers[Number] = context.Request.Headers[Number];
        if (exchange.Answer.Length > 0 && exchange.Status is not (204 or 304)) await context.Response.Body.WriteAsync(exchange.Answer);
    }
}

/// <summary>What Prism says of an exchange.</summary>
/// <param name="Location">From <c>request</c> or <c>response</c> on.</param>
internal sealed record Violation(string[] Location, string Severity, JsonElement? Code, string Message)
{
    public const string NoRoute = "Selected route not found";

    /// <summary>
    /// Where the document says base64 the server also takes a data: address, and what has no padding. The document tells that in words: generators know no
    /// type for all three.
    /// </summary>
    public const string NotPlainBase64 = "must match format \"byte\"";

    /// <summary>A key was sent to an address that asks for none, as clients do that send theirs with everything.</summary>
    public const string NeedlessKey = "Invalid security scheme used";

    public bool IsOfResponse => Location[0] == "response";

    public override string ToString() => $"{string.Join('.', Location)}: {Message}";
}
