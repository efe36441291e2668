using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Darkroom.Server.Tests.Commands.Pull;

/// <summary>
/// A server that speaks the hub's HTTP, on a port of this machine: lists files, redirects to a store of another host name, serves parts.
/// </summary>
internal sealed class LocalHub : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567", Repository = "org/model";

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, byte[]> files = new(StringComparer.Ordinal);

    private LocalHub(WebApplication app) => this.app = app;

    /// <summary>Requests in order: path, range and authorization.</summary>
    public ConcurrentQueue<(string Path, string Range, string Authorization)> Requests { get; } = new();

    /// <summary>Sums of files that the list states in place of the true ones.</summary>
    public Dictionary<string, string> StatedSums { get; } = [];

    /// <summary>How often a file of the store is cut off in the middle before it is served whole.</summary>
    public int Cuts { get; set; }

    public Uri Address => new(app.Urls.Single());

    public static async Task<LocalHub> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var hub = new LocalHub(builder.Build());
        hub.app.Run(hub.AnswerAsync);
        await hub.app.StartAsync();
        return hub;
    }

    public LocalHub Add(string path, byte[] content)
    {
        files[path] = content;
        return this;
    }

    public LocalHub AddFolder(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            Add(Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllBytes(file));
        return this;
    }

    public static string SumOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string path = Uri.UnescapeDataString(context.Request.Path.Value!);
        Requests.Enqueue((path, context.Request.Headers.Range.ToString(), context.Request.Headers.Authorization.ToString()));
        const string List = $"/api/models/{Repository}/revision/main", Resolve = $"/{Repository}/resolve/{Commit}/", Store = "/store/";
        if (path == List)
        {
            await context.Response.WriteAsJsonAsync(new
            {
                sha = Commit,
                siblings = files.Select(file => new
                {
                    rfilename = file.Key,
                    size = file.Value.Length,
                    lfs = new { sha256 = StatedSums.GetValueOrDefault(file.Key, SumOf(file.Value)), size = file.Value.Length },
                }),
            });
        }
        else if (path.StartsWith(Resolve, StringComparison.Ordinal) && files.ContainsKey(path[Resolve.Length..]))
        {
            // The same server by another name: what is for the hub alone must not come along.
            context.Response.Redirect($"http://localhost:{Address.Port}{Store}{Uri.EscapeDataString(path[Resolve.Length..])}");
        }
        else if (path.StartsWith(Store, StringComparison.Ordinal) && files.TryGetValue(path[Store.Length..], out var content))
        {
            await ServeAsync(context, content);
        }
        else
        {
            context.Response.StatusCode = (int)HttpStatusCode.NotFound;
        }
    }

    private async Task ServeAsync(HttpContext context, byte[] content)
    {
        int from = context.Request.GetTypedHeaders().Range?.Ranges.Single().From is { } first ? (int)first : 0;
        if (from > 0 && from >= content.Length)
        {
            context.Response.StatusCode = (int)HttpStatusCode.RequestedRangeNotSatisfiable;
            context.Response.Headers.ContentRange = $"bytes */{content.Length}";
            return;
        }
        if (from > 0)
        {
            context.Response.StatusCode = (int)HttpStatusCode.PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }
        context.Response.ContentLength = content.Length - from;
        bool cut = content.Length > 1000 && Cuts-- > 0;
        await context.Response.Body.WriteAsync(content.AsMemory(from, cut ? (content.Length - from) / 2 : content.Length - from));
        await context.Response.Body.FlushAsync();
        if (cut) context.Abort();
    }
}
