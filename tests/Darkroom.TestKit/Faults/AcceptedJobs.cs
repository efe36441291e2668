using System.Collections.Concurrent;
using System.Net;

namespace Darkroom.TestKit.Faults;

/// <summary>Callers of one server after the other, and what was accepted of them: each of those jobs must be done in the end.</summary>
internal sealed class AcceptedJobs(int steps)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromSeconds(90);

    private readonly ConcurrentDictionary<string, int> seeds = new();
    private readonly ConcurrentDictionary<HttpStatusCode, int> refusals = new();
    private int last;

    public int Count => seeds.Count;

    /// <summary>Requests that were answered, and not by a job, by status.</summary>
    public IReadOnlyDictionary<HttpStatusCode, int> Refusals => refusals;

    public IEnumerable<string> Ids => seeds.Keys;

    /// <summary>Begins jobs one after another, each when the one before has ended, until it is to stop; a server that is gone is asked again.</summary>
    public async Task CallAsync(HttpClient client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await TryAddAsync(client, stop) is { } id) await client.EndAsync(id, Patience, stop);
                else await Task.Delay(Pause, stop);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or System.Text.Json.JsonException)
            {
                // What was asked and not answered may be a job or none.
                await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Several such callers.</summary>
    public Task CallAsync(HttpClient client, int callers, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallAsync(client, stop)));

    /// <summary>Asks for one more job.</summary>
    /// <returns>Its id; null: it was refused.</returns>
    public async Task<string?> TryAddAsync(HttpClient client, CancellationToken cancellation = default)
    {
        int seed = Interlocked.Increment(ref last);
        var (status, body) = await client.PostAsync(Orders.Small(seed, steps), waits: false, cancellation: cancellation);
        if (status == HttpStatusCode.Accepted)
        {
            string id = body.GetProperty("id").GetString()!;
            seeds[id] = seed;
            return id;
        }
        refusals.AddOrUpdate(status, 1, static (_, count) => count + 1);
        return null;
    }

    /// <summary>It is not to be done any more: its caller cancelled it.</summary>
    public void Forget(string id) => seeds.TryRemove(id, out _);

    /// <summary>Each accepted job has succeeded, or does so soon; some pictures are asked for again alone, and must be the same.</summary>
    /// <param name="samples">How many are compared, at most.</param>
    public async Task CheckAsync(HttpClient client, FaultNotes notes, int samples)
    {
        int number = 0, compared = 0, lost = 0, every = Math.Max(1, seeds.Count / samples);
        foreach (var (id, seed) in seeds)
        {
            try
            {
                var job = await client.EndAsync(id, Patience);
                if (Orders.StatusOf(job) != "succeeded") notes.Find($"The job {id} ended as {job}.");
                else if (number++ % every == 0 && compared < samples)
                {
                    compared++;
                    var (_, alone) = await client.PostAsync(Orders.Small(seed, steps), waits: true);
                    if (!Orders.HashesOf(alone).SequenceEqual(Orders.HashesOf(job))) notes.Find($"The picture of {id} (seed {seed}) is another one alone.");
                }
            }
            catch (Exception e) when (e is InvalidOperationException or TimeoutException)
            {
                lost++;
                notes.Find(e.Message);
            }
        }
        notes.Figure($"{seeds.Count} jobs accepted, {lost} lost, {compared} pictures compared with the same request alone");
        if (!refusals.IsEmpty) notes.Figure($"refused: {string.Join(", ", refusals.OrderBy(one => one.Key).Select(one => $"{one.Value} by {(int)one.Key}"))}");
    }
}
