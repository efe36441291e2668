using System.Diagnostics;
using System.Globalization;
using Darkroom.TestKit.Web;

namespace Darkroom.TestKit.Databases;

/// <summary>
/// A real PostgreSQL server in a folder of its own, on a free port of the loopback address; gone with the test process. Debian's packages put the programs
/// under <c>/usr/lib/postgresql</c>; they refuse to run as root, and run as the user <c>postgres</c> then.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private static readonly Lazy<PostgresServer> Common = new(() => new PostgresServer());

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-postgres-").FullName;
    private readonly string programs = Programs();
    private readonly ReservedPort port = new();
    private Process? process;
    private int isGone;

    public PostgresServer()
    {
        if (IsRoot) Run("chown", "postgres", folder);
        RunAsOwner("initdb", "-D", Data, "--auth=trust", "--username=darkroom", "--no-locale", "--encoding=UTF8", "--no-sync");
        Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>The one that tests share which do not stop it; <see cref="SharedPostgres"/> ends it.</summary>
    public static PostgresServer Shared => Common.Value;

    /// <summary>Ends the shared one, where there is one.</summary>
    internal static void EndShared()
    {
        if (Common.IsValueCreated) Common.Value.Dispose();
    }

    public int Port => port.Number;

    private string Data => Path.Combine(folder, "data");

    private static bool IsRoot => Environment.UserName == "root";

    /// <param name="schema">Its own for every test; null: the usual one.</param>
    public string ConnectionString(string? schema = null) =>
        $"Host=127.0.0.1;Port={Port};Username=darkroom;Database=postgres;Timeout=5;Command Timeout=30;Maximum Pool Size=40" +
        (schema is null ? "" : $";Search Path={schema}");

    /// <summary>Starts it, or starts it again; comes back when it answers.</summary>
    public void Start()
    {
        if (process is not null) return;
        process = Process.Start(AsOwner("postgres",
            "-D", Data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=400",
            "-c", "logging_collector=off", "-c", "log_min_messages=fatal"))!;
        process.ErrorDataReceived += static (_, _) => { };
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var began = Stopwatch.StartNew();
        while (!Answers())
        {
            if (process.HasExited || began.Elapsed > TimeSpan.FromSeconds(60)) throw new InvalidOperationException("PostgreSQL did not start.");
            Thread.Sleep(50);
        }
    }

    /// <summary>Stops it as an operator would who does not wait for clients, or kills it.</summary>
    /// <param name="crash">Whether all of its processes are killed, as in a crash of the machine.</param>
    public void Stop(bool crash = false)
    {
        if (process is null) return;
        if (process.HasExited) process = null;
        else RunAsOwner("pg_ctl", "-D", Data, "-m", crash ? "immediate" : "fast", "-w", "stop");
        process?.WaitForExit(TimeSpan.FromSeconds(30));
        process?.Dispose();
        process = null;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isGone, 1) != 0) return;
        try
        {
            Stop(crash: true);
            port.Dispose();
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // What is left is in the temporary folder.
        }
    }

    private static string Programs()
    {
        const string root = "/usr/lib/postgresql";
        return (Directory.Exists(root) ? Directory.GetDirectories(root) : []).Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
            ?? throw new InvalidOperationException("There is no PostgreSQL here; ./test installs it.");
    }

    private bool Answers()
    {
        using var probe = Process.Start(AsOwner("pg_isready", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-q"))!;
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }

    private void RunAsOwner(string program, params string[] arguments) => Run(AsOwner(program, arguments));

    private ProcessStartInfo AsOwner(string program, params string[] arguments)
    {
        string path = Path.Combine(programs, program);
        return IsRoot ? Of("runuser", ["-u", "postgres", "--", path, .. arguments]) : Of(path, arguments);
    }

    private static void Run(string program, params string[] arguments) => Run(Of(program, arguments));

    private static void Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}: {output}");
    }

    private static ProcessStartInfo Of(string program, string[] arguments) => new(program, arguments)
    {
        RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/",
    };
}
