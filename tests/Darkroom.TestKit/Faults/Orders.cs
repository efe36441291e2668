using System.Net;
using System.Text.Json;
using System.Net.Http.Json;

namespace Darkroom.TestKit.Faults;

/// <summary>Small orders to the starter model, and how their jobs stand.</summary>
internal static class Orders
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    public static Dictionary<string, object?> Small(int seed, int steps, int count = 1, double? deadline = null)
    {
        var order = new Dictionary<string, object?>
        {
            ["prompt"] = "an apple", ["steps"] = steps, ["seed"] = seed, ["count"] = count, ["upscale"] = null, ["return"] = "url",
        };
        if (deadline is not null) order["deadline"] = deadline;
        return order;
    }

    /// <summary>Posts an order.</summary>
    /// <param name="waits">Whether the answer is that of the finished job.</param>
    public static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(
        this HttpClient client, Dictionary<string, object?> order, bool waits, string task = "txt2img", CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/" + task) { Content = JsonContent.Create(order) };
        if (!waits) request.Headers.Add("Prefer", "respond-async");
        return await AnswerAsync(client, request, cancellation);
    }

    /// <summary>Asks for something that is JSON.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(
        this HttpClient client, HttpMethod method, string path, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(method, path);
        return await AnswerAsync(client, request, cancellation);
    }

    /// <summary>Posts an order that must be accepted.</summary>
    /// <returns>The job's id.</returns>
    public static async Task<string> BeginAsync(this HttpClient client, Dictionary<string, object?> order)
    {
        var (status, body) = await client.PostAsync(order, waits: false);
        return status == HttpStatusCode.Accepted ? body.GetProperty("id").GetString()! : throw new InvalidOperationException($"{status}: {body}");
    }

    /// <summary>Waits until a job is finished; what cannot be asked now is asked again.</summary>
    /// <exception cref="TimeoutException">It is not finished after <paramref name="patience"/>.</exception>
    public static async Task<JsonElement> EndAsync(this HttpClient client, string id, TimeSpan patience, CancellationToken cancellation = default)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        wait.CancelAfter(patience);
        var (status, job) = (default(HttpStatusCode), default(JsonElement));
        try
        {
            while (true)
            {
                (status, job) = await client.AskAsync(HttpMethod.Get, "/v1/jobs/" + id, wait.Token);
                if (status == HttpStatusCode.OK && StatusOf(job) is not ("queued" or "running")) return job;
                if (status == HttpStatusCode.NotFound) throw new InvalidOperationException($"The job {id} is lost.");
                await Task.Delay(Pause, wait.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The job {id} has not ended after {patience.TotalSeconds} s: {status} {job}");
        }
    }

    public static string StatusOf(JsonElement job) => job.GetProperty("status").GetString()!;

    public static int StepOf(JsonElement job) => StatusOf(job) == "running" ? job.GetProperty("progress").GetProperty("step").GetInt32() : 0;

    public static string[] HashesOf(JsonElement job) =>
        [.. job.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("sha256").GetString()!)];

    /// <summary>Waits until a job is at work.</summary>
    public static Task RunsAsync(this HttpClient client, string id) => Until.HoldsAsync(
        $"the job {id} runs", async () => StepOf((await client.AskAsync(HttpMethod.Get, "/v1/jobs/" + id)).Body) > 0);

    private static async Task<(HttpStatusCode Status, JsonElement Body)> AnswerAsync(
        HttpClient client, HttpRequestMessage request, CancellationToken cancellation)
    {
        using var answer = await client.SendAsync(request, cancellation);
        byte[] bytes = await answer.Content.ReadAsByteArrayAsync(cancellation);
        return (answer.StatusCode, bytes.Length > 0 ? JsonSerializer.Deserialize<JsonElement>(bytes) : default);
    }
}
