using System.Net.Http.Headers;
using System.Text;
using Darkroom.Server.Security.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>A data folder with keys in it, for a server to be started on.</summary>
internal sealed class TestKeys
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("darkroom-keys-").FullName;

    public string File => FileKeyStore.PathIn(Folder);

    public FileKeyStore Store => new(File, TimeProvider.System, NullLogger.Instance);

    /// <summary>The settings that put a server here.</summary>
    public (string, string) Setting => ("Darkroom:DataPath", Folder);

    /// <summary>Makes a key and returns its text.</summary>
    public async Task<string> AddAsync(string name, KeyScope scopes = KeyScopes.Usual, bool disabled = false, DateTimeOffset? expires = null)
    {
        var text = KeyText.New();
        Assert.True(await Store.AddAsync(new("id-" + name, name, scopes, KeyHash.Of(text), DateTimeOffset.UnixEpoch)
            { Disabled = disabled, ExpiresAt = expires }, default));
        return text;
    }
}

internal static class Keyed
{
    /// <summary>Asks with a key, or without.</summary>
    public static async Task<HttpResponseMessage> AskAsync(this RunningServer server, HttpMethod method, string path, string? key, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await server.Client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> GetAsync(this RunningServer server, string path, string? key) => server.AskAsync(HttpMethod.Get, path, key);
}
