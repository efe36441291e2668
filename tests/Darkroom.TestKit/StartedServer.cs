using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Darkroom.TestKit.Exchanges;

namespace Darkroom.TestKit;

/// <summary>
/// The built server as its users start it: a process of its own, on a free port of the loopback, with a data folder that goes with it. It is
/// ended by SIGTERM, and must then exit with code 0.
/// </summary>
public sealed partial class StartedServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? ownData;
    private bool killed;
    private RecordingProxy? recording;

    private StartedServer(Process process, string? ownData)
    {
        this.process = process;
        this.ownData = ownData;
    }

    public HttpClient Client { get; private set; } = new();

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>From the start of the process to the first 200 of <c>/readyz</c>.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>From the start of the process to the first answer, of whatever status.</summary>
    public TimeSpan AnswersAfter { get; private set; }

    /// <summary>What it has used of all processors so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>All that the process wrote so far, standard output and error.</summary>
    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    /// <summary>Starts the server and waits until it is ready.</summary>
    /// <param name="modelsPath">Null: the repository's models.</param>
    /// <param name="dataPath">Null: a folder of its own, deleted at the end.</param>
    /// <param name="environment">Settings as environment variables.</param>
    public static Task<StartedServer> StartAsync(string? modelsPath = null, string? dataPath = null, params (string Name, string Value)[] environment) =>
        StartAsync(ServerProgram.Start("--urls", "http://127.0.0.1:0"), modelsPath, dataPath, environment);

    /// <summary>The same, with no more memory than a group has.</summary>
    public static Task<StartedServer> StartInAsync(MemoryGroup group, string? modelsPath = null, params (string Name, string Value)[] environment) =>
        StartAsync(group.Enter(ServerProgram.Start("--urls", "http://127.0.0.1:0")), modelsPath, null, environment);

    /// <summary>The same of a start that the caller prepared: of another program, as another user or on another address.</summary>
    public static Task<StartedServer> StartOfAsync(ProcessStartInfo start, string? dataPath, params (string Name, string Value)[] environment) =>
        StartAsync(start, null, dataPath, environment);

    private static async Task<StartedServer> StartAsync(
        ProcessStartInfo start, string? modelsPath, string? dataPath, (string Name, string Value)[] environment)
    {
        string? ownData = dataPath is null ? Directory.CreateTempSubdirectory("darkroom-data-").FullName : null;
        start.Environment["Darkroom__DataPath"] = dataPath ?? ownData;
        if (modelsPath is not null) start.Environment["Darkroom__ModelsPath"] = modelsPath;
        foreach (var (name, value) in environment) start.Environment[name] = value;

        long started = Stopwatch.GetTimestamp();
        var server = new StartedServer(Process.Start(start)!, ownData);
        await server.WaitUntilReadyAsync(started);
        server.ReadyAfter = Stopwatch.GetElapsedTime(started);
        return server;
    }

    /// <summary>Asks the process to stop, and does not wait.</summary>
    public void Terminate() => Send(Signal.Terminate);

    /// <summary>Sends a signal, and does not wait.</summary>
    public void Send(int signal) => Signal.Send(process, signal);

    /// <summary>Ends the process on the spot, as a crash or the kernel would.</summary>
    public async Task KillAsync()
    {
        killed = true;
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits for the end of the process.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">It is still there.</exception>
    public async Task<int> ExitAsync(TimeSpan timeout)
    {
        using var patience = new CancellationTokenSource(timeout);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The server has not exited after {timeout.TotalSeconds} s.{Environment.NewLine}{Output}");
        }
    }

    /// <summary>Waits for the end of a process that may end with any code.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">It is still there.</exception>
    public Task<int> FailedAsync(TimeSpan timeout)
    {
        killed = true;
        return ExitAsync(timeout);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (recording is not null) await recording.DisposeAsync();
        try
        {
            if (!process.HasExited) Terminate();
            int code = await ExitAsync(Patience);
            if (code != 0 && !killed) throw new InvalidOperationException($"The server exited with code {code}.{Environment.NewLine}{Output}");
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
            if (ownData is not null) Directory.Delete(ownData, recursive: true);
        }
    }

    private async Task WaitUntilReadyAsync(long started)
    {
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var exit = process.WaitForExitAsync();
        if (await Task.WhenAny(address.Task, exit, Task.Delay(Patience)) != address.Task)
            throw new InvalidOperationException($"The server does not listen.{Environment.NewLine}{Output}");
        Client.Dispose();
        recording = await RecordingProxy.StartAsync(await address.Task, process.Id);
        Client = new HttpClient { BaseAddress = recording?.Address ?? await address.Task, Timeout = TimeSpan.FromMinutes(5) };
        (await Client.GetAsync("/livez")).Dispose();
        AnswersAfter = Stopwatch.GetElapsedTime(started);
        while ((await Client.GetAsync("/readyz")).StatusCode != HttpStatusCode.OK)
            await Task.Delay(10);
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (output) output.AppendLine(line);
        // Port 0 is a free one of the system's choice; the server says which.
        if (line.Contains("listens on", StringComparison.Ordinal) && Address().Match(line) is { Success: true } found)
            address.TrySetResult(new Uri($"http://127.0.0.1:{found.Groups["port"].Value}"));
    }

    // Every interface is no address to call, and the loopback is one of them.
    [GeneratedRegex(@"http://(?:127\.0\.0\.1|0\.0\.0\.0|\[::\]):(?<port>\d+)")]
    private static partial Regex Address();
}
