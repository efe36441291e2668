using System.Diagnostics;
using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Storage.Files;

namespace Darkroom.Storage.Tests.Files;

/// <summary>A process that stores pictures is killed: what it told of is there whole, and nothing else looks like a picture.</summary>
public sealed class CrashTests
{
    private const string FolderVariable = "DARKROOM_CRASH_FOLDER";
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_picture_that_was_told_of_before_a_kill_is_there_whole()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The program of the tests has another name there.");
        string folder = Directory.CreateTempSubdirectory("darkroom-crash").FullName;
        try
        {
            for (int round = 1; round <= 3; round++)
            {
                int before = Told(folder).Count;
                using var child = StartWriter(folder);
                try
                {
                    while (Told(folder).Count < before + 20 * round && !child.HasExited) await Task.Delay(5, Cancellation);
                    Assert.False(child.HasExited, "The writer ended by itself.");
                }
                finally
                {
                    child.Kill();
                    await child.WaitForExitAsync(CancellationToken.None);
                }
                await CheckAsync(folder);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What is killed: stores pictures from several threads until then, and writes down each one that it was told of.</summary>
    [Fact(Explicit = true)]
    public async Task Writer()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable)!;
        var store = Open(folder);
        await using var told = new FileStream(Path.Combine(folder, "told"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var gate = new Lock();
        await Parallel.ForAsync(0, int.MaxValue, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation }, async (i, _) =>
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(1 + i * 977 % 200_000);
            var picture = Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(new string('a', 32), PictureFormat.Png, bytes, Cancellation)).Artifact;
            lock (gate) told.Write(System.Text.Encoding.ASCII.GetBytes($"{picture.Id} {picture.Sha256}\n"));
        });
    }

    private static async Task CheckAsync(string folder)
    {
        var store = Open(folder);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "pictures", "tmp")));
        var there = new HashSet<string>();
        await foreach (var entry in store.ListAsync(Cancellation))
        {
            await using var open = (await store.OpenAsync(entry.Id, Cancellation))!;
            Assert.Equal(open.Artifact.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(open.Content, Cancellation)));
            there.Add($"{entry.Id} {open.Artifact.Sha256}");
        }
        Assert.Subset(there, Told(folder));
    }

    private static FileArtifactStore Open(string folder) =>
        new(Path.Combine(folder, "pictures"), new RandomIds(), TimeProvider.System, new() { KeepFreeBytes = 0 });

    private static HashSet<string> Told(string folder)
    {
        string path = Path.Combine(folder, "told");
        if (!File.Exists(path)) return [];
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. file.ReadToEnd().Split('\n').Where(line => line.Length == 32 + 1 + 64)];
    }

    private static Process StartWriter(string folder)
    {
        string program = Path.Combine(AppContext.BaseDirectory, typeof(CrashTests).Assembly.GetName().Name!);
        var start = new ProcessStartInfo(program, ["-explicit", "only", "-method", $"{typeof(CrashTests).FullName}.{nameof(Writer)}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment[FolderVariable] = folder;
        return Process.Start(start)!;
    }
}
