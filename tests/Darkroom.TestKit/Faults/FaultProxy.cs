using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Darkroom.TestKit.Faults;

/// <summary>A proxy on the loopback that hands requests on to a real S3 server, and harms those that it is told to.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient client = new();
    private readonly Uri target;

    private FaultProxy(WebApplication app, Uri target) => (this.app, this.target) = (app, target);

    public Uri Endpoint { get; private set; } = null!;

    /// <summary>What becomes of a request: its method and its number among all, from 0.</summary>
    public Func<string, int, ProxyFault> Choose { get; set; } = (_, _) => ProxyFault.None;

    /// <summary>How long a request is held before anything is done with it, by its number among all.</summary>
    public Func<int, TimeSpan> Delay { get; set; } = static _ => TimeSpan.Zero;

    /// <summary>Method and path of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Headers of the last request that wrote something.</summary>
    public Dictionary<string, string> LastPut { get; private set; } = [];

    public static async Task<FaultProxy> StartAsync(Uri target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var proxy = new FaultProxy(app, target);
        app.Run(proxy.HandleAsync);
        await app.StartAsync();
        proxy.Endpoint = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        ProxyFault fault;
        TimeSpan delay;
        lock (Requests)
        {
            (fault, delay) = (Choose(request.Method, Requests.Count), Delay(Requests.Count));
            Requests.Enqueue($"{request.Method} {request.Path}");
        }
        if (delay > TimeSpan.Zero) await Task.Delay(delay, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (HttpMethods.IsPut(request.Method)) LastPut = request.Headers.ToDictionary(one => one.Key.ToLowerInvariant(), one => one.Value.ToString());
        if (fault == ProxyFault.Closed)
        {
            context.Abort();
            return;
        }
        if (fault == ProxyFault.Hangs) await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (fault is ProxyFault.Unavailable or ProxyFault.Full or ProxyFault.Hangs)
        {
            await RefuseAsync(context, fault == ProxyFault.Full ? 507 : 503, fault == ProxyFault.Full ? "XMinioStorageFull" : "ServiceUnavailable");
            return;
        }
        if (fault is ProxyFault.OtherSays404 or ProxyFault.OtherSays200)
        {
            (context.Response.StatusCode, context.Response.ContentType) = (fault == ProxyFault.OtherSays404 ? 404 : 200, "text/html");
            await context.Response.WriteAsync("<!doctype html><html lang=\"en\"><title>Welcome</title><p>A page.</p></html>");
            return;
        }
        await ForwardAsync(context, fault);
    }

    private async Task ForwardAsync(HttpContext context, ProxyFault fault)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        using var sent = new HttpRequestMessage(new(context.Request.Method), new Uri(target, context.Request.Path + context.Request.QueryString.Value))
        {
            Content = new ByteArrayContent(body.ToArray()),
        };
        foreach (var (name, value) in context.Request.Headers)
            if (!sent.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value))
                sent.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        sent.Headers.Host = null;
        using var answer = await client.SendAsync(sent);
        byte[] bytes = await answer.Content.ReadAsByteArrayAsync();
        if (fault == ProxyFault.AnswerLost)
        {
            await RefuseAsync(context, 500, "InternalError");
            return;
        }
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, value) in answer.Headers.Concat(answer.Content.Headers))
            if (!name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)) context.Response.Headers[name] = value.ToArray();
        if (answer.StatusCode == System.Net.HttpStatusCode.NoContent) return;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(fault == ProxyFault.CutShort ? bytes.AsMemory(0, bytes.Length / 2) : bytes);
        if (fault != ProxyFault.CutShort) return;
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private static Task RefuseAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message></Error>");
    }
}
