using System.Diagnostics;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Playground;

/// <summary>What is served is what <c>Playground/ts</c> says, compiled by the pinned compiler.</summary>
public sealed class CompiledTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "src", "Darkroom.Server", "Playground");

    /// <summary>Where the modules are meant to change, run once with DARKROOM_APPROVE=1: the compiled files are written.</summary>
    [Fact]
    public async Task Served_modules_are_the_compiled_ones_byte_for_byte()
    {
        Assert.SkipUnless(NodeRuntime.Has("typescript"), "The packages of tests/node are not installed: ./test restore");
        string served = Path.Combine(Folder, "www");
        var compiled = Directory.CreateTempSubdirectory("darkroom-page-");
        await CompileAsync(compiled.FullName);
        if (Environment.GetEnvironmentVariable("DARKROOM_APPROVE") == "1")
        {
            foreach (string old in Modules(served).Keys) File.Delete(Path.Combine(served, old));
            await CompileAsync(served);
        }
        Assert.Equal(Modules(compiled.FullName), Modules(served));
        Assert.Equal(
            Directory.EnumerateFiles(Path.Combine(Folder, "ts"), "*.ts", SearchOption.AllDirectories).Count(), Modules(served).Count);
        compiled.Delete(recursive: true);
    }

    private static SortedDictionary<string, string> Modules(string folder) => new(
        Directory.EnumerateFiles(folder, "*.js", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllText), StringComparer.Ordinal);

    private static async Task CompileAsync(string folder)
    {
        using var compiler = Process.Start(new ProcessStartInfo(
            NodeRuntime.Program,
            [Path.Combine(NodeRuntime.Folder, "node_modules", "typescript", "bin", "tsc"), "--project", Path.Combine(Folder, "ts"), "--outDir", folder])
            { RedirectStandardOutput = true })!;
        string output = await compiler.StandardOutput.ReadToEndAsync();
        await compiler.WaitForExitAsync();
        Assert.True(compiler.ExitCode == 0, output);
    }
}
