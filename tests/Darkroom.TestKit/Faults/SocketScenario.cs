using System.Diagnostics;
using System.Net;
using Darkroom.TestKit.Chaos;

namespace Darkroom.TestKit.Faults;

/// <summary>Connections that hang must cost those who do not nothing, and be gone when they are gone.</summary>
public sealed class SocketScenario : IFaultScenario
{
    private const int Streams = 10_000, Together = 64, Asked = 15;

    private static readonly TimeSpan Gone = TimeSpan.FromSeconds(60);

    public string Name => "sockets";

    public string Does => "headers and bodies sent a byte a second, connections that say nothing or half a request, resets; then 10,000 event streams " +
        "(short: 500) of a job that waits; a request is timed beside them";

    public async Task RunAsync(FaultScale scale, FaultNotes notes)
    {
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(notes);
        await using var server = await StartedServer.StartAsync();
        for (int i = 0; i < 5; i++) await TimeAsync(server, notes); // warm
        var rest = ProcessMeter.Read(server.Id, TimeSpan.Zero);
        double usual = await TimeAsync(server, notes);
        int each = scale.IsLong ? 200 : 50;

        await using (var hanging = new Hang(server))
        {
            await hanging.AllAsync(each);
            double slow = await TimeAsync(server, notes);
            notes.Figure($"{each} each of dripped headers, dripped bodies, silent and half-open connections, and {each} resets");
            notes.Figure($"a picture of 4 steps takes {slow:F0} ms beside them, {usual:F0} ms before (medians of {Asked})");
            notes.Check(slow < 3 * usual + 200, $"A request takes {slow:F0} ms beside hanging connections, and {usual:F0} without.");
        }
        await DescriptorsReturnAsync(server, rest, notes);
        await FollowAsync(server, scale.Count(500, Streams), usual, notes);
        await DescriptorsReturnAsync(server, rest, notes);
        notes.Check(!server.HasExited && !server.Output.Contains(" answered 500 in ", StringComparison.Ordinal), "The server has exited, or answered 500.");
    }

    private static async Task FollowAsync(StartedServer server, int wanted, double usual, FaultNotes notes)
    {
        var client = server.Client;
        await client.AskAsync(HttpMethod.Post, "/v1/queue/pause");
        string id = await client.BeginAsync(Orders.Small(1, 1));
        var before = ProcessMeter.Read(server.Id, TimeSpan.Zero);
        int opened = 0, refused = 0, next = 0;
        using var streams = new HangingClients(client.BaseAddress!);
        await Task.WhenAll(Enumerable.Range(0, Together).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) <= wanted)
            {
                if (await streams.FollowAsync($"/v1/jobs/{id}/events")) Interlocked.Increment(ref opened);
                else Interlocked.Increment(ref refused);
            }
        }));
        var with = ProcessMeter.Read(server.Id, TimeSpan.Zero);
        double each = (with.ResidentMiB - before.ResidentMiB) * 1024 / Math.Max(1, opened);
        notes.Figure($"{opened} of {wanted} event streams open at one time, {refused} connections closed at the bound");
        notes.Figure($"{each:F1} KiB of resident memory each ({before.ResidentMiB:F0} MiB before, {with.ResidentMiB:F0} with them)");
        int own = with.Descriptors - before.Descriptors;
        notes.Check(opened > 0 && own >= opened, $"{opened} streams have {own} descriptors.");
        // The connection of this client is one of those that were open before, so that it is answered at the bound, too.
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < Asked; i++) await client.AskAsync(HttpMethod.Get, "/v1/jobs/" + id);
        notes.Figure($"asking for a job beside them takes {clock.Elapsed.TotalMilliseconds / Asked:F1} ms");
        notes.Check(clock.Elapsed.TotalMilliseconds / Asked < usual + 500, "Asking for a job beside idle streams is slow.");
        await client.AskAsync(HttpMethod.Delete, "/v1/jobs/" + id);
        await client.AskAsync(HttpMethod.Post, "/v1/queue/resume");
    }

    private static async Task DescriptorsReturnAsync(StartedServer server, ProcessReading rest, FaultNotes notes)
    {
        const int few = 20;
        int now = 0;
        try
        {
            await Until.HoldsAsync("the descriptors are back", () =>
                Task.FromResult((now = ProcessMeter.Read(server.Id, TimeSpan.Zero).Descriptors) <= rest.Descriptors + few), Gone);
        }
        catch (TimeoutException)
        {
            notes.Find($"The process has {now} descriptors after all have gone, and had {rest.Descriptors} before.");
        }
        notes.Figure($"descriptors {rest.Descriptors} at rest, {now} after they closed");
    }

    /// <returns>The median of what a small picture takes, ms.</returns>
    private static async Task<double> TimeAsync(StartedServer server, FaultNotes notes)
    {
        var times = new List<double>(Asked);
        for (int i = 0; i < Asked; i++)
        {
            long began = Stopwatch.GetTimestamp();
            var (status, body) = await server.Client.PostAsync(Orders.Small(i, steps: 4), waits: true);
            notes.Check(status == HttpStatusCode.OK, $"A request was answered {(int)status}: {body}");
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        times.Sort();
        return times[Asked / 2];
    }

    /// <summary>The connections that hang in one way or another.</summary>
    private sealed class Hang(StartedServer server) : IAsyncDisposable
    {
        private readonly HangingClients clients = new(server.Client.BaseAddress!);

        public async Task AllAsync(int each)
        {
            string host = server.Client.BaseAddress!.Authority;
            string head = $"POST /v1/txt2img HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n";
            for (int i = 0; i < each; i++)
            {
                await clients.DripAsync(head + "X-Drip: ");
                await clients.DripAsync(head + "\r\n{\"prompt\":\"");
                await clients.SendAsync("");
                await clients.SendAsync(head);
                await clients.ResetAsync(head + "\r\n{\"prompt\"");
            }
        }

        public ValueTask DisposeAsync()
        {
            clients.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
