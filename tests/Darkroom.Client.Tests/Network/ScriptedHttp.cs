using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Darkroom.Client.Tests.Network;

/// <summary>A listener of its own, which answers as a test has it.</summary>
internal sealed class ScriptedHttp : IAsyncDisposable
{
    private readonly WebApplication app;

    private ScriptedHttp(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    /// <summary>Method, path and key of each request.</summary>
    public ConcurrentQueue<(string Method, string Path, string? Key)> Requests { get; } = new();

    /// <param name="answer">Answers a request, given its number from 0.</param>
    public static async Task<ScriptedHttp> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var scripted = new ScriptedHttp(app);
        int number = -1;
        app.Run(context =>
        {
            scripted.Requests.Enqueue((context.Request.Method, context.Request.Path, context.Request.Headers["Idempotency-Key"]));
            return answer(context, Interlocked.Increment(ref number));
        });
        await app.StartAsync();
        return scripted;
    }

    /// <summary>A problem as the server writes it.</summary>
    public static Task ProblemAsync(HttpContext context, int status, string slug, string? retryAfter = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return context.Response.WriteAsync($$"""{"type":"/problems/{{slug}}","title":"t","status":{{status}},"detail":"d","instance":"/","request_id":"r"}""");
    }

    /// <summary>Hands a request on to another server, and its answer back.</summary>
    public static async Task ForwardAsync(HttpContext context, HttpClient client)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        using var request = new HttpRequestMessage(new(context.Request.Method), context.Request.Path + context.Request.QueryString.Value);
        if (body.Length > 0) request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, value) in context.Request.Headers.Where(header => header.Key != "Host"))
            if (!request.Headers.TryAddWithoutValidation(name, value.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(name, value.AsEnumerable());
        using var answer = await client.SendAsync(request);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
