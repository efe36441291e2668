using System.Text;
using System.Text.Json;

namespace Darkroom.EndToEnd;

/// <summary>Requests as a user's program sends them.</summary>
internal static class Calls
{
    /// <summary>Posts to the address of a task.</summary>
    /// <param name="body">Bytes or text as they stand; anything else as JSON.</param>
    /// <param name="accept">The Accept header; null: none.</param>
    /// <param name="contentType">Null: none.</param>
    public static async Task<Answer> PostAsync(
        this HttpClient client, object body, string? accept = null, string? contentType = "application/json", string? id = null, string? prefer = null,
        string task = "txt2img", CancellationToken cancellation = default)
    {
        byte[] bytes = body switch
        {
            byte[] raw => raw,
            string text => Encoding.UTF8.GetBytes(text),
            _ => JsonSerializer.SerializeToUtf8Bytes(body),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/" + task) { Content = new ByteArrayContent(bytes) };
        if (contentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        if (prefer is not null) request.Headers.TryAddWithoutValidation("Prefer", prefer);
        if (id is not null) request.Headers.Add("X-Request-Id", id);
        return await ReadAsync(await client.SendAsync(request, cancellation), cancellation);
    }

    /// <summary>Posts a request that does not wait.</summary>
    /// <returns>The job's id.</returns>
    public static async Task<string> BeginAsync(this HttpClient client, object body)
    {
        var accepted = await client.PostAsync(body, prefer: "respond-async");
        Assert.Equal(202, accepted.Status);
        string id = accepted.Json.GetProperty("id").GetString()!;
        Assert.Equal("/v1/jobs/" + id, accepted.Headers.Location!.ToString());
        return id;
    }

    /// <summary>A job as it stands.</summary>
    public static async Task<JsonElement> JobAsync(this HttpClient client, string id) => (await client.FetchAsync("/v1/jobs/" + id)).Succeeded();

    public static async Task<string> CancelAsync(this HttpClient client, string id) =>
        (await client.FetchAsync("/v1/jobs/" + id, method: HttpMethod.Delete)).Succeeded().GetProperty("status").GetString()!;

    /// <summary>Posts a form: fields as text, pictures as files. Every address but <c>png-info</c> is asked for the picture itself.</summary>
    public static async Task<Answer> FormAsync(this HttpClient client, string task, (string Name, byte[] File)[] files,
        params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        foreach (var (name, file) in files) form.Add(new ByteArrayContent(file), name, name + ".png");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/{task}") { Content = form };
        request.Headers.Accept.ParseAdd(task == "png-info" ? "application/json" : "image/png");
        return await ReadAsync(await client.SendAsync(request, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
    }

    /// <summary>Until <paramref name="holds"/>, at most half a minute.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        for (int i = 0; i < 3000; i++)
        {
            if (await holds()) return;
            await Task.Delay(10);
        }
        Assert.Fail($"After half a minute still not: {what}");
    }

    public static async Task<Answer> FetchAsync(this HttpClient client, string path, string? ifNoneMatch = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await ReadAsync(await client.SendAsync(request), default);
    }

    private static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using (response)
            return new Answer((int)response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsByteArrayAsync(cancellation));
    }
}
