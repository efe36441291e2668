using System.Diagnostics;

namespace Darkroom.Benchmarks.Load;

/// <summary>The two ways to ask: at a rate, whatever the server does, and as clients who wait for their answer.</summary>
internal static class LoadLoops
{
    /// <summary>Arrivals of a Poisson process. Nothing in here waits for an answer until all are sent.</summary>
    /// <param name="rate">Mean arrivals a second.</param>
    /// <param name="sentAll">Called when the last request is on its way.</param>
    public static async Task<LoadSample[]> OpenAsync(LoadClient client, LoadMix mix, double rate, double seconds, int seed, Action sentAll)
    {
        var random = new Random(seed);
        var running = new List<Task<LoadSample>>((int)(rate * seconds * 1.5) + 16);
        var clock = Stopwatch.StartNew();
        for (double due = Gap(random, rate); due < seconds; due += Gap(random, rate))
        {
            var (kind, body) = mix.Next();
            double wait = due - clock.Elapsed.TotalSeconds;
            if (wait > 0) await Task.Delay((int)Math.Ceiling(wait * 1000));
            running.Add(client.SendAsync(kind, body, due, clock));
        }
        if (seconds - clock.Elapsed.TotalSeconds is > 0 and var rest) await Task.Delay(TimeSpan.FromSeconds(rest));
        sentAll();
        return await Task.WhenAll(running);
    }

    /// <summary>Clients who each ask again as soon as they are answered; a refused one waits a little.</summary>
    public static async Task<LoadSample[]> ClosedAsync(LoadClient client, LoadMix mix, int clients, double seconds, Action sentAll)
    {
        var clock = Stopwatch.StartNew();
        var all = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => OneAsync()));
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        sentAll();
        return [.. (await all).SelectMany(samples => samples)];

        async Task<List<LoadSample>> OneAsync()
        {
            var samples = new List<LoadSample>();
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                var (kind, body) = mix.Next();
                var sample = await client.SendAsync(kind, body, clock.Elapsed.TotalSeconds, clock);
                samples.Add(sample);
                if (!sample.Succeeded) await Task.Delay(250);
            }
            return samples;
        }
    }

    // Of an exponential distribution; 1 - u is never 0.
    private static double Gap(Random random, double rate) => -Math.Log(1 - random.NextDouble()) / rate;
}
