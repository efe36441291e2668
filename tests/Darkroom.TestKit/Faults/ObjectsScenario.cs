using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace Darkroom.TestKit.Faults;

/// <summary>An object store that fails and is slow: every job succeeds or says why, and nothing is left that the sweep would not find.</summary>
public sealed class ObjectsScenario : IFaultScenario
{
    private const string Bucket = "pictures";
    private const int Callers = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public string Name => "objects";

    public string Does => "S3 through a proxy: 25 % of requests answered 503, 5 % done and their answer lost, 5 % closed, 15 % slower by up to 2 s";

    public async Task RunAsync(FaultScale scale, FaultNotes notes)
    {
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(notes);
        using var objects = new S3Server();
        await using var proxy = await FaultProxy.StartAsync(objects.Endpoint);
        await using var server = await StartedServer.StartAsync(null, null,
            ("Darkroom__Artifacts", "s3"), ("Darkroom__S3__Endpoint", proxy.Endpoint.ToString()), ("Darkroom__S3__Bucket", Bucket),
            ("Darkroom__S3__AccessKey", S3Server.Key), ("Darkroom__S3__SecretKey", S3Server.Key));
        byte[] picture = await PictureAsync(server.Client);
        Fail(proxy);

        int jobs = scale.Count(40, 500), next = 0;
        var ends = new ConcurrentBag<(string Id, string Status)>();
        var refused = new ConcurrentBag<HttpStatusCode>();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) <= jobs;)
            {
                var order = Orders.Small(i, steps: 3);
                if (i % 3 == 0) order["image"] = Convert.ToBase64String(picture);
                var (status, body) = await server.Client.PostAsync(order, waits: false, i % 3 == 0 ? "img2img" : "txt2img");
                if (status != HttpStatusCode.Accepted)
                {
                    refused.Add(status);
                    bool saysWhy = status == HttpStatusCode.ServiceUnavailable && body.TryGetProperty("detail", out var _);
                    notes.Check(saysWhy, $"An order was answered {(int)status}: {body}");
                    continue;
                }
                var job = await server.Client.EndAsync(body.GetProperty("id").GetString()!, Patience);
                ends.Add((job.GetProperty("id").GetString()!, Orders.StatusOf(job)));
                notes.Check(Orders.StatusOf(job) == "succeeded" || SaysWhy(job), $"A job ended without a reason: {job}");
            }
        }));
        int asked = proxy.Requests.Count;
        (proxy.Choose, proxy.Delay) = (static (_, _) => ProxyFault.None, static _ => TimeSpan.Zero);
        await Until.HoldsAsync("the server is ready", async () =>
            (await server.Client.AskAsync(HttpMethod.Get, "/readyz")).Status == HttpStatusCode.OK);
        var known = await ReadAsync(server.Client, ends, notes);
        var keys = objects.KeysOf(Bucket);
        var strangers = keys.Where(key => key.Split('/')[0] is not ("pictures" or "inputs")).ToList();
        notes.Check(strangers.Count == 0, $"The sweep does not look at {string.Join(", ", strangers.Take(3))}.");
        int orphans = keys.Count(key => !known.Any(hash => key.Contains(hash, StringComparison.Ordinal)));
        int succeeded = ends.Count(one => one.Status == "succeeded");
        notes.Figure($"{jobs} orders, {asked} requests at the proxy");
        notes.Figure($"{succeeded} jobs succeeded, {ends.Count - succeeded} failed with a reason, {refused.Count} refused by 503");
        notes.Figure($"{keys.Count} objects, {orphans} of no job, all of them below what the sweep lists");
        notes.Check(succeeded > 0, "No job succeeded.");
        notes.Check(!server.Output.Contains(" answered 500 in ", StringComparison.Ordinal), "Something was answered 500.");
    }

    private static void Fail(FaultProxy proxy)
    {
        var random = new Random(7);
        proxy.Choose = (_, _) => random.Next(100) switch // under the proxy's lock
        {
            < 25 => ProxyFault.Unavailable,
            < 30 => ProxyFault.AnswerLost,
            < 35 => ProxyFault.Closed,
            _ => ProxyFault.None,
        };
        proxy.Delay = number => number % 7 == 0 ? TimeSpan.FromMilliseconds(number * 37 % 2000) : TimeSpan.Zero;
    }

    private static async Task<byte[]> PictureAsync(HttpClient client)
    {
        var (_, job) = await client.PostAsync(Orders.Small(1, 3), waits: true);
        return await client.GetByteArrayAsync(new Uri(job.GetProperty("images")[0].GetProperty("url").GetString()!, UriKind.Relative));
    }

    /// <summary>Every picture that a job tells of is there, with its bytes.</summary>
    private static async Task<HashSet<string>> ReadAsync(HttpClient client, IEnumerable<(string Id, string Status)> ends, FaultNotes notes)
    {
        var known = new HashSet<string>();
        foreach (var (id, status) in ends)
        {
            if (status != "succeeded") continue;
            var (_, job) = await client.AskAsync(HttpMethod.Get, "/v1/jobs/" + id);
            var image = job.GetProperty("images")[0];
            string hash = image.GetProperty("sha256").GetString()!;
            known.Add(hash);
            byte[] bytes = await client.GetByteArrayAsync(new Uri(image.GetProperty("url").GetString()!, UriKind.Relative));
            notes.Check(Convert.ToHexStringLower(SHA256.HashData(bytes)) == hash, $"The picture of {id} is not that of its hash.");
        }
        return known;
    }

    private static bool SaysWhy(JsonElement job) => job.TryGetProperty("problem", out var problem) && problem.ValueKind == JsonValueKind.Object;
}
