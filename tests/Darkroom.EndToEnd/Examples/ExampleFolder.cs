using System.Diagnostics;
using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Examples;

/// <summary>A folder like a clone, in which a reader types the commands of <c>examples/README.md</c>; what they write lies there.</summary>
internal sealed class ExampleFolder(Uri server, string? key = null) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string path = Prepare();

    /// <summary>Runs an example's command to its end.</summary>
    /// <param name="file">Below <c>examples/</c>.</param>
    /// <param name="arguments">What is typed after the command, as the shell reads it.</param>
    public Task<CommandOutcome> RunAsync(string file, string arguments = "") => RunLineAsync($"{ExampleTable.Of(file)} {arguments}");

    /// <summary>The same with other words than the table's.</summary>
    /// <param name="line">As the shell reads it.</param>
    public async Task<CommandOutcome> RunLineAsync(string line)
    {
        await using var running = StartLine(line);
        return await running.ExitAsync(Patience);
    }

    /// <summary>Starts an example that a test talks to.</summary>
    public RunningExample Start(string file, string arguments = "") => StartLine($"{ExampleTable.Of(file)} {arguments}");

    public RunningExample StartLine(string line)
    {
        // The SDK wants programs by their real paths: they name a project beside them.
        line = line.Replace("dotnet run examples/", $"dotnet run {Repository.Root}/examples/", StringComparison.Ordinal);
        // "exec": signals reach the program, not the shell.
        var start = new ProcessStartInfo("/bin/bash", ["-c", "exec " + line])
            { WorkingDirectory = path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DARKROOM_URL"] = server.ToString().TrimEnd('/');
        if (key is null) start.Environment.Remove("DARKROOM_KEY");
        else start.Environment["DARKROOM_KEY"] = key;
        // Programs that write to a pipe are not held back, and the Node.js that the examples want is what the tests have.
        start.Environment["PYTHONUNBUFFERED"] = "1";
        start.Environment["PATH"] = $"{Path.GetDirectoryName(NodeRuntime.Program)}:{start.Environment["PATH"]}".TrimStart(':');
        return new RunningExample(Process.Start(start.Heeding(Signal.Interrupt))!);
    }

    public string PathOf(string file) => Path.Combine(path, file);

    public byte[] Read(string file) => File.ReadAllBytes(PathOf(file));

    /// <summary>Names of the pictures that lie in a folder.</summary>
    public string[] Pictures(string below = "") =>
        [.. Directory.EnumerateFiles(PathOf(below), "*.png").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>A picture that an example wrote, and that shows something.</summary>
    public Picture Picture(string file, int width, int height)
    {
        var picture = PictureDecoder.Decode(Read(file));
        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.True(picture.Pixels.Max() - picture.Pixels.Min() > 100, $"{file} shows next to nothing.");
        return picture;
    }

    public void Dispose() => Directory.Delete(path, recursive: true);

    private static string Prepare()
    {
        string folder = Directory.CreateTempSubdirectory("darkroom-example-").FullName;
        foreach (string name in new[] { "examples", "docs" })
            File.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine(Repository.Root, name));
        return folder;
    }
}
