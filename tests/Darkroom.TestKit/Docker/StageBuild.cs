using System.Diagnostics;

namespace Darkroom.TestKit.Docker;

/// <summary>
/// Runs the instructions of a stage that builds, in a folder that stands for its working directory: the same files are copied, the same commands run, by the
/// SDK of this machine in the place of the base image's. Their paths must be relative to the working directory.
/// </summary>
/// <param name="context">What COPY takes from.</param>
/// <param name="folder">The working directory.</param>
/// <param name="patience">For one command.</param>
/// <param name="arguments">Values of ARG that the builder gives.</param>
public sealed class StageBuild(BuildContext context, string folder, TimeSpan patience, IReadOnlyDictionary<string, string> arguments)
{
    // No servers that stay behind: they would keep the folder, and the pipe that the output comes by.
    private readonly Dictionary<string, string> environment = new() { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" };

    /// <summary>What the commands wrote.</summary>
    public string Output { get; private set; } = "";

    /// <exception cref="InvalidOperationException">A command failed.</exception>
    public async Task RunAsync(IEnumerable<DockerStage> chain)
    {
        foreach (var instruction in chain.SelectMany(stage => stage.Instructions))
        {
            switch (instruction.Keyword)
            {
                case "COPY": Copy(instruction); break;
                case "RUN": await ShellAsync(instruction.Text); break;
                case "ENV" or "ARG":
                    foreach (var (name, value) in instruction.Pairs)
                        environment[name] = instruction.Keyword == "ARG" ? arguments.GetValueOrDefault(name, value) : value;
                    break;
                case "WORKDIR": break; // the folder
                default: throw new NotSupportedException(instruction.Keyword);
            }
        }
    }

    private void Copy(DockerInstruction copy)
    {
        foreach (string source in copy.Sources)
        {
            var found = context.Find(source);
            if (found.Count == 0) throw new InvalidOperationException($"COPY {copy.Text}: there is no {source}.");
            foreach (var (file, to) in found)
            {
                string target = Path.Combine(folder, copy.Target, to);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(context.FullPath(file), target, overwrite: true);
            }
        }
    }

    private async Task ShellAsync(string command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command + " 2>&1"]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        Output += $"{command}{Environment.NewLine}{await output.WaitAsync(TimeSpan.FromSeconds(30))}";
        if (process.ExitCode != 0) throw new InvalidOperationException($"RUN ended with {process.ExitCode}.{Environment.NewLine}{Output}");
    }
}
