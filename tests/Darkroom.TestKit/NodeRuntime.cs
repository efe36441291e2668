using System.Runtime.InteropServices;

namespace Darkroom.TestKit;

/// <summary>Node.js as <c>tests/node/package.json</c> pins it: what distributions bring is too old for several of the packages there.</summary>
public static class NodeRuntime
{
    /// <summary>Folder of the packages and of the programs that use them.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "node");

    /// <summary>The pinned program; <c>node</c> of the path where there is none for this machine.</summary>
    public static string Program { get; } = Find();

    /// <summary>Whether a package of <c>tests/node/package.json</c> is installed.</summary>
    public static bool Has(string package) => Directory.Exists(Path.Combine(Folder, "node_modules", package));

    private static string Find()
    {
        string pinned = Path.Combine(
            Folder, "node_modules", $"node-linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}", "bin", "node");
        return File.Exists(pinned) ? pinned : "node";
    }
}
