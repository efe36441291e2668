using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Darkroom.TestKit.Web;

/// <summary>A web server of its own on the loopback that remembers what it was told, and answers 200 unless it is asked for something else.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebhookReceiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<WebhookCall> Calls { get; } = new();

    /// <summary>As a pattern of the settings names it: scheme, address and port.</summary>
    public string Origin => app.Urls.First();

    public string Url => Origin + "/hook";

    public int Port => new Uri(Origin).Port;

    /// <param name="answer">Writes the answer of a call; null: 200.</param>
    /// <param name="address">IPv4 address to listen on.</param>
    /// <param name="port">0: a free one.</param>
    /// <param name="isHttps">With a certificate that nobody trusts.</param>
    public static async Task<WebhookReceiver> StartAsync(
        Func<HttpContext, Task>? answer = null, string address = "127.0.0.1", int port = 0, bool isHttps = false)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(address), port, listen =>
        {
            if (isHttps) listen.UseHttps(OwnCertificate());
        }));
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            var request = context.Request;
            receiver.Calls.Enqueue(new(request.Method, request.Path + request.QueryString, headers, body.ToArray(), DateTimeOffset.UtcNow));
            if (answer is not null) await answer(context);
        });
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1)); // those that hang are not waited for
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private static X509Certificate2 OwnCertificate()
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}

/// <summary>What a receiver was sent.</summary>
public sealed record WebhookCall(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset At)
{
    public string Id => Headers["webhook-id"];

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The signature of a secret, calculated by the words of the specification and by nothing of the server's.</summary>
    public string SignatureOf(byte[] secret)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{Id}.{Headers["webhook-timestamp"]}."), .. Body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed));
    }
}
