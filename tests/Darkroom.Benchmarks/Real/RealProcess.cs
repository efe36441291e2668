using System.Diagnostics;
using System.Globalization;

namespace Darkroom.Benchmarks.Real;

/// <summary>The asking side of a <see cref="RealWorker"/>.</summary>
internal sealed class RealProcess : IAsyncDisposable
{
    private readonly Process process;

    private RealProcess(Process process) => this.process = process;

    public int Id => process.Id;

    /// <summary>Seconds from the start of the process until the denoiser could be called.</summary>
    public double LoadSeconds { get; private set; }

    /// <exception cref="InvalidOperationException">The worker ended; what it wrote stands on standard error.</exception>
    public static async Task<RealProcess> OpenAsync(Contestant contestant, RealFiles files, int side, int threads)
    {
        long began = Stopwatch.GetTimestamp();
        var worker = new RealProcess(Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
        [
            RealWorker.Name, contestant.Name, files.Kind, contestant.IsPlain ? files.Exported : files.CheckpointOf(contestant),
            side.ToString(CultureInfo.InvariantCulture), threads.ToString(CultureInfo.InvariantCulture),
        ])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!);
        await worker.ReadAsync();
        worker.LoadSeconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return worker;
    }

    /// <exception cref="InvalidOperationException">The worker ended; what it wrote stands on standard error.</exception>
    public async Task<double[]> AskAsync(params IEnumerable<object> words)
    {
        await process.StandardInput.WriteLineAsync(string.Join(' ', words));
        await process.StandardInput.FlushAsync();
        return await ReadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task<double[]> ReadAsync()
    {
        string answer = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A worker ended before its time.");
        return [.. answer.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
    }
}
