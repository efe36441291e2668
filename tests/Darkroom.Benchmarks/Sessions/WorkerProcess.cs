using System.Diagnostics;
using System.Globalization;

namespace Darkroom.Benchmarks.Sessions;

/// <summary>The asking side of a <see cref="SessionWorker"/>.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process process;

    public WorkerProcess(SessionVariants set, SessionVariant variant, SessionSubject subject)
    {
        process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            [SessionWorker.Name, set.Name, variant.Name, subject.Name, subject.Path, subject.Side.ToString(CultureInfo.InvariantCulture),
                subject.Tokens.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
    }

    public int Id => process.Id;

    /// <exception cref="InvalidOperationException">The worker ended; what it wrote stands on standard error.</exception>
    public async Task<double[]> AskAsync(params IEnumerable<object> words)
    {
        await process.StandardInput.WriteLineAsync(string.Join(' ', words));
        await process.StandardInput.FlushAsync();
        string answer = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A worker ended before its time.");
        return [.. answer.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
