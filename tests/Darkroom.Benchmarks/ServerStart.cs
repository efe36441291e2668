using System.Globalization;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks;

/// <summary>Process start to the first answer and to ready, with an empty data folder and with one that a server left, and what is resident then.</summary>
internal static class ServerStart
{
    private const int Starts = 5;

    /// <param name="program">A published program; null: the built one.</param>
    public static async Task RunAsync(string? program = null)
    {
        await using (await StartAsync(program, data: null)) { } // the disk's cache is warm for all that are measured
        await MeasureAsync("first start", program, data: null);
        var data = Directory.CreateTempSubdirectory("darkroom-start-");
        await using (await StartAsync(program, data.FullName)) { }
        await MeasureAsync("next start", program, data.FullName);
        data.Delete(recursive: true);
    }

    private static async Task MeasureAsync(string name, string? program, string? data)
    {
        var (answers, ready, processor) = (new List<double>(), new List<double>(), new List<double>());
        double resident = 0;
        for (int i = 0; i < Starts; i++)
        {
            await using var server = await StartAsync(program, data);
            processor.Add(server.ProcessorTime.TotalSeconds);
            answers.Add(server.AnswersAfter.TotalSeconds);
            ready.Add(server.ReadyAfter.TotalSeconds);
            resident = server.ResidentBytes / 1048576.0;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: answers after {Median(answers)}; ready after {Median(ready)}; processor time {Median(processor)}; resident {resident:F0} MiB"));
    }

    private static Task<StartedServer> StartAsync(string? program, string? data)
    {
        if (program is null) return StartedServer.StartAsync(dataPath: data);
        var start = ServerProgram.Start("--urls", "http://127.0.0.1:0", "--models-path", Path.Combine(Repository.Root, "models"));
        start.FileName = program;
        return StartedServer.StartOfAsync(start, data);
    }

    private static string Median(List<double> seconds)
    {
        seconds.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{seconds[Starts / 2]:F2} s ({seconds[0]:F2} to {seconds[^1]:F2})");
    }
}
