using System.Net.Http.Headers;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Examples;

/// <summary>A server with keys for the examples of a class: theirs may generate and read, the test's may do all.</summary>
public sealed class ExampleServer : IAsyncLifetime
{
    private readonly string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;
    private StartedServer process = null!;
    private string key = "";

    internal HttpClient Client => process.Client;

    public async ValueTask InitializeAsync()
    {
        key = await AddKeyAsync("reader", "generate,read");
        process = await StartedServer.StartAsync(null, data);
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await AddKeyAsync("tests", "generate,read,admin"));
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    /// <summary>A new folder for a reader who has a key.</summary>
    internal ExampleFolder Folder() => new(Client.BaseAddress!, key);

    /// <summary>The picture that the API makes of the same request.</summary>
    internal async Task<byte[]> PictureAsync(object body)
    {
        var answer = await Client.PostAsync(body, "image/png");
        answer.Picture("image/png");
        return answer.Bytes;
    }

    /// <summary>Task and status of the job that was made last.</summary>
    internal async Task<(string Task, string Status)> NewestJobAsync()
    {
        var jobs = (await Client.FetchAsync("/v1/jobs?limit=1")).Succeeded().GetProperty("data");
        return jobs.GetArrayLength() == 0 ? ("", "") : (jobs[0].GetProperty("task").GetString()!, jobs[0].GetProperty("status").GetString()!);
    }

    /// <summary>Stops the queue, so that what waits there can be looked at, until the answer is disposed of.</summary>
    internal async Task<IAsyncDisposable> PausedAsync()
    {
        (await Client.FetchAsync("/v1/queue/pause", method: HttpMethod.Post)).Succeeded();
        return new Pause(Client);
    }

    private async Task<string> AddKeyAsync(string name, string scopes)
    {
        var added = await ServerProgram.RunAsync("keys", "add", name, "--scopes", scopes, "--data-path", data);
        Assert.True(added.ExitCode == 0, added.Error);
        return added.Output.Trim();
    }

    private sealed class Pause(HttpClient client) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => (await client.FetchAsync("/v1/queue/resume", method: HttpMethod.Post)).Succeeded();
    }
}
