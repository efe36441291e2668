using System.Security.Cryptography;

namespace Darkroom.Server.Commands.Pull;

/// <summary>
/// Fetches a model's files into the models folder. While it does they have names that nobody reads; they get their own when all are there and checked.
/// </summary>
/// <param name="hub">Where they come from.</param>
/// <param name="report">Shows how far it is.</param>
internal sealed class PullJob(HubClient hub, PullReport report)
{
    private const string Index = "model_index.json";

    /// <param name="files">What to fetch, and from where.</param>
    /// <param name="placeOf">Where a file is to be.</param>
    /// <exception cref="PullException">A file is not what was promised, or the disk has no room.</exception>
    /// <exception cref="HttpRequestException">A file cannot be had.</exception>
    public async Task RunAsync(IReadOnlyList<(HubFile File, Uri Address)> files, Func<HubFile, string> placeOf, CancellationToken cancellation)
    {
        CheckRoom(files.Select(file => file.File), placeOf);
        report.Begin(files.Sum(file => file.File.Bytes ?? 0));
        foreach (var (file, address) in files)
        {
            string path = placeOf(file);
            if (await IsThereAsync(file, path, cancellation))
            {
                report.Came(file.Bytes!.Value);
                continue;
            }
            report.Of(file.Path);
            using var part = new PartialFile(path, file.Bytes, report.Came);
            if (!part.IsWhole) await hub.FetchAsync(address, part, cancellation);
            await part.CheckAsync(file.Sha256, cancellation);
        }
        // The index makes a folder of files a model: with it first, none of the others is ever taken for one of its own.
        foreach (var (file, _) in files.OrderBy(file => file.File.Path != Index))
            if (placeOf(file) is var path && File.Exists(path + PartialFile.Ending)) File.Move(path + PartialFile.Ending, path, overwrite: true);
        report.End();
    }

    /// <summary>Weights of another revision have the same length: only their sum tells. Of a file without one nothing is known, so it is fetched.</summary>
    private static async Task<bool> IsThereAsync(HubFile file, string path, CancellationToken cancellation)
    {
        if (file.Sha256 is null || !File.Exists(path) || new FileInfo(path).Length != file.Bytes) return false;
        await using var there = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(there, cancellation)) == file.Sha256;
    }

    private static void CheckRoom(IEnumerable<HubFile> files, Func<HubFile, string> placeOf)
    {
        const long Spare = 64 << 20;
        long wanted = 0;
        string? place = null;
        foreach (var file in files)
        {
            place ??= Path.GetPathRoot(placeOf(file));
            var part = new FileInfo(placeOf(file) + PartialFile.Ending);
            if (!File.Exists(placeOf(file))) wanted += Math.Max(0, (file.Bytes ?? 0) - (part.Exists ? part.Length : 0));
        }
        long free = files.Any() ? new DriveInfo(Mount(placeOf(files.First()))).AvailableFreeSpace : 0;
        if (wanted + Spare > free) throw new PullException($"{Size.Of(wanted)} are needed, and the models folder has room for {Size.Of(free)}.");
    }

    /// <summary>The deepest folder of a path that is there: the one whose file system takes the file.</summary>
    private static string Mount(string path)
    {
        while (!Directory.Exists(path)) path = Path.GetDirectoryName(path)!;
        return path;
    }
}
