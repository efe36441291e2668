namespace Darkroom.Models.Files;

/// <summary>
/// What files were like at one time: where each really lies, how long it is, and when it was last written. While those stay the same the content is taken to be
/// the same: nothing is read.
/// </summary>
internal sealed class FileStamps
{
    private readonly (string Path, Stamp Stamp)[] files;

    private FileStamps((string Path, Stamp Stamp)[] files) => this.files = files;

    /// <param name="paths">Files; one that is not there is remembered as such.</param>
    public static FileStamps Of(IEnumerable<string> paths) => new([.. paths.Select(path => (path, StampOf(path)))]);

    /// <summary>The first of the files that is not what it was; null where all are.</summary>
    public string? Changed
    {
        get
        {
            foreach (var (path, before) in files)
                if (StampOf(path) != before) return path;
            return null;
        }
    }

    /// <summary>Whether these are the files, in their order.</summary>
    public bool Covers(IEnumerable<string> paths) => files.Select(file => file.Path).SequenceEqual(paths, StringComparer.Ordinal);

    private static Stamp StampOf(string path)
    {
        try
        {
            var file = new FileInfo(RealPath.Of(path));
            return file.Exists ? new(file.FullName, file.Length, file.LastWriteTimeUtc.Ticks) : default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    private readonly record struct Stamp(string RealPath, long Length, long Time);
}
