using Darkroom.TestKit;

namespace Darkroom.Benchmarks;

/// <summary>Process start to ready, and what is resident then.</summary>
internal static class ServerStart
{
    public static async Task RunAsync()
    {
        var seconds = new List<double>();
        double resident = 0;
        for (int i = 0; i < 5; i++)
        {
            await using var server = await StartedServer.StartAsync();
            seconds.Add(server.ReadyAfter.TotalSeconds);
            resident = server.ResidentBytes / 1048576.0;
        }
        seconds.Sort();
        Console.WriteLine($"start to readyz: median {seconds[2]:F2} s, {seconds[0]:F2} to {seconds[^1]:F2} s over 5; resident {resident:F0} MiB");
    }
}
