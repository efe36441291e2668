using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Darkroom.TestKit.Exchanges;

/// <summary>
/// Stands in front of a server, hands everything on byte for byte as it comes, and writes down what was asked and answered. Answers that their caller
/// did not wait for are not written down.
/// </summary>
public sealed class RecordingProxy : IAsyncDisposable
{
    /// <summary>Environment variable with the file that exchanges are added to; without it nothing stands in front of servers.</summary>
    public const string Variable = "DARKROOM_EXCHANGES";

    private static readonly string[] OfTheConnection = ["Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Proxy-Connection", "TE", "Trailer"];

    private readonly WebApplication app;
    private readonly HttpMessageInvoker upstream = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None,
    });

    private RecordingProxy(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    /// <summary>Starts one where the environment asks for it.</summary>
    /// <param name="server">Address of the server.</param>
    /// <param name="id">Of its process.</param>
    public static async Task<RecordingProxy?> StartAsync(Uri server, int id)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } file) return null;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.AddServerHeader = false;
        });
        var proxy = new RecordingProxy(builder.Build());
        proxy.app.Run(context => proxy.CarryAsync(context, server, id, file));
        await proxy.app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
        upstream.Dispose();
    }

    private async Task CarryAsync(HttpContext context, Uri server, int id, string file)
    {
        string path = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        try
        {
            using var sent = new MemoryStream();
            await context.Request.Body.CopyToAsync(sent, context.RequestAborted);
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(server, path));
            if (sent.Length > 0 || context.Request.ContentLength is not null) request.Content = new ByteArrayContent(sent.ToArray());
            foreach (var (name, value) in context.Request.Headers.Where(header => !OfTheConnection.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
                if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value) && name != "Content-Length")
                    request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);

            using var response = await upstream.SendAsync(request, context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
                if (!OfTheConnection.Contains(name, StringComparer.OrdinalIgnoreCase)) context.Response.Headers[name] = values.ToArray();
            byte[] answer = await CopyAsync(await response.Content.ReadAsStreamAsync(context.RequestAborted), context);
            new Exchange(id, context.Request.Method, path, Of(context.Request.Headers), sent.ToArray(), context.Response.StatusCode,
                Of(context.Response.Headers), answer).AppendTo(file);
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or (IOException and not BadHttpRequestException))
        {
            context.Abort(); // as one side did
        }
    }

    private static async Task<byte[]> CopyAsync(Stream from, HttpContext context)
    {
        using var copy = new MemoryStream();
        byte[] buffer = new byte[64 << 10];
        await context.Response.StartAsync(context.RequestAborted);
        for (int read; (read = await from.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            copy.Write(buffer, 0, read);
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
        return copy.ToArray();
    }

    private static Dictionary<string, string> Of(IHeaderDictionary headers) =>
        headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
}
