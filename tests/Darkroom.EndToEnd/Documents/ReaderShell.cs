using System.Diagnostics;
using Darkroom.TestKit;
using Darkroom.TestKit.Web;

namespace Darkroom.EndToEnd.Documents;

/// <summary>
/// A shell in which a document's blocks are run one after another, as a reader would: in a checkout, with the built program behind <c>dotnet run</c> and
/// <c>darkroom</c>, on a port that is free. A command that starts the server ends the one before and comes back when it is ready; an answer of 400 or more is
/// a failure.
/// </summary>
internal sealed class ReaderShell : IDisposable
{
    private const string Prelude = """
        set -euo pipefail
        U=localhost:$PORT
        curl() {
            command curl --fail-with-body --max-time 120 "$@" && return
            local code=$?
            echo "curl ended with $code. What it kept, and the server's log:"
            while [[ $# -gt 1 ]]; do
                if [[ $1 == -o && -f $2 ]]; then head -c 2000 "$2"; fi
                shift
            done
            tail -n 20 server.log
            return "$code"
        }
        end_server() {
            if [[ ! -f server.pid ]]; then return; fi
            kill "$(cat server.pid)" 2>/dev/null || true
            tail --pid="$(cat server.pid)" -f /dev/null
            rm server.pid
        }
        trap end_server EXIT
        darkroom() {
            if [[ $# -gt 0 && $1 != --* && $1 != serve ]]; then "$PROGRAM" "$@"; return; fi
            end_server
            "$PROGRAM" "$@" >>server.log 2>&1 &
            echo $! >server.pid
            for _ in $(seq 300); do
                if command curl -sf "localhost:$PORT/readyz" >/dev/null; then return; fi
                kill -0 "$(cat server.pid)" || { cat server.log; return 1; }
                sleep 0.2
            done
            echo "The server was not ready within a minute."; cat server.log; return 1
        }
        dotnet() {
            [[ "$*" == "run -c Release --project src/Darkroom.Server"* ]] || { echo "Only the server is run by this test: dotnet $*"; return 1; }
            shift 5
            if [[ "${1:-}" == -- ]]; then shift; fi
            darkroom "$@"
        }

        """;

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-reader-").FullName;
    private readonly ReservedPort reserved = new();

    public ReaderShell()
    {
        Link(Repository.Root, folder, "models", "data"); // in the data of who works here may be keys of the names that readers use
        // A reader's own files go into models/.
        Link(Path.Combine(Repository.Root, "models"), Directory.CreateDirectory(Path.Combine(folder, "models")).FullName);
        AddCheckpoint();
    }

    private static void Link(string from, string to, params string[] except)
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries(from).Where(path => !Path.GetFileName(path).StartsWith('.')))
            if (!except.Contains(Path.GetFileName(entry))) File.CreateSymbolicLink(Path.Combine(to, Path.GetFileName(entry)), entry);
    }

    /// <summary>
    /// <c>photo.safetensors</c>, which a reader has from somewhere: the pack's small one, whose sizes are those of no published model, so that its card and
    /// configurations are in place before.
    /// </summary>
    private void AddCheckpoint()
    {
        using var pack = new PackModels();
        string file = pack.PathOf("sd15-tiny", PackModels.OneFile)!, configs = Path.Combine(Path.GetDirectoryName(file)!, "configs");
        File.Copy(file, Path.Combine(folder, "photo.safetensors"));
        File.WriteAllText(Path.Combine(folder, "models", "photo.darkroom.json"), """{ "config": "../photo-configs" }""");
        foreach (string config in Directory.EnumerateFiles(configs, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, "photo-configs", Path.GetRelativePath(configs, config));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(config, copy);
        }
    }

    /// <summary>Whether this machine has what the blocks are written for.</summary>
    public static bool IsThere { get; } = File.Exists("/bin/bash") && Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Any(path => File.Exists(Path.Combine(path, "curl")));

    /// <summary>A file that the blocks wrote.</summary>
    public byte[] Read(string file) => File.ReadAllBytes(Path.Combine(folder, file));

    /// <summary>Runs the blocks in order, and stops at the first command that fails.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(IEnumerable<CommandBlock> blocks)
    {
        string port = reserved.ToString();
        string script = Path.Combine(folder, "blocks.sh");
        await File.WriteAllTextAsync(script, Prelude + string.Join('\n', blocks.Select(
            block => $"echo '== {block.Place}'\n{block.Text.Replace(":8080", ":" + port, StringComparison.Ordinal)}")));
        // Both streams into a file: the server that is started in the shell must not keep a pipe open.
        var start = ServerProgram.Start("-c", "bash blocks.sh >blocks.log 2>&1");
        (start.FileName, start.WorkingDirectory) = ("/bin/bash", folder);
        start.Environment["PROGRAM"] = ServerProgram.Path;
        start.Environment["PORT"] = port;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:" + port;
        start.Environment["Darkroom__DataPath"] = Path.Combine(folder, "data");
        start.Environment["Darkroom__ModelsPath"] = Path.Combine(folder, "models");
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await File.ReadAllTextAsync(Path.Combine(folder, "blocks.log"), patience.Token));
    }

    public void Dispose()
    {
        reserved.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
