using System.Diagnostics;

namespace Darkroom.TestKit.Deploy;

/// <summary>A folder of the secrets that <c>deploy/secrets.sh</c> makes.</summary>
public sealed class DeploySecrets : IDisposable
{
    private const string InContainer = "/run/secrets/";

    public DeploySecrets()
    {
        Folder = Path.Combine(Directory.CreateTempSubdirectory("darkroom-secrets-").FullName, "secrets");
        Output = Run();
    }

    public string Folder { get; }

    /// <summary>What the script said.</summary>
    public string Output { get; private set; }

    public IReadOnlyList<string> Names => [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public string this[string name] => File.ReadAllText(Path.Combine(Folder, name)).Trim();

    /// <summary>A value of a container's environment as it is on this machine: a secret's path is that of its file.</summary>
    public string OnThisMachine(string value) =>
        value.StartsWith(InContainer, StringComparison.Ordinal) ? Path.Combine(Folder, value[InContainer.Length..]) : value;

    /// <summary>Runs the script once more.</summary>
    public string Run()
    {
        var start = new ProcessStartInfo("sh", [Path.Combine(Repository.Root, "deploy", "secrets.sh"), Folder]) { RedirectStandardOutput = true };
        using var script = Process.Start(start)!;
        string output = script.StandardOutput.ReadToEnd();
        script.WaitForExit();
        return script.ExitCode == 0 ? output : throw new InvalidOperationException($"deploy/secrets.sh ended with {script.ExitCode}: {output}");
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
}
