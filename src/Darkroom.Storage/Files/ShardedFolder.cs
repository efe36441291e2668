using System.Diagnostics.CodeAnalysis;
using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.Files;

/// <summary>
/// Files <c>abc/{id}.{anything}</c> below a folder, where abc are the first digits of the id: 4,096 folders, so that none grows long. A file is there whole
/// or not at all: it is written under <c>tmp</c>, flushed, renamed, and then its folder is flushed. Several processes may use one folder.
/// </summary>
internal sealed class ShardedFolder
{
    private const int ShardDigits = 3;
    private static readonly EnumerationOptions Plain = new() { MatchType = MatchType.Simple, AttributesToSkip = 0 };

    private readonly Lock gate = new();
    private readonly HashSet<string> flushed = new(StringComparer.Ordinal); // shards whose entry in the root is known to be on disk
    private readonly string temporary;

    /// <summary>Opens the folder, makes it where it is missing, and removes what a process that died was writing.</summary>
    public ShardedFolder(string root)
    {
        Root = Directory.CreateDirectory(root).FullName;
        temporary = Directory.CreateDirectory(Path.Combine(Root, "tmp")).FullName;
        if (Path.GetDirectoryName(Root) is { } parent) FolderFlush.Flush(parent);
        foreach (string leftover in Directory.EnumerateFiles(temporary)) RemoveLeftover(leftover);
    }

    public string Root { get; }

    /// <summary>Writes a file; when this returns it is on disk under its name.</summary>
    /// <param name="name">Begins with the id and a dot.</param>
    /// <exception cref="IOException">It could not be written; nothing of it is left.</exception>
    public void Write(string id, string name, ReadOnlySpan<byte> bytes, DateTimeOffset at)
    {
        string draft = Path.Combine(temporary, name), folder = ShardOf(id), path = Path.Combine(folder, name);
        try
        {
            Prepare(folder);
            // Open until it is renamed: that it is in use tells another process's start that it is no leftover.
            using var file = File.OpenHandle(draft, FileMode.CreateNew, FileAccess.Write, FileShare.Delete);
            RandomAccess.Write(file, bytes, 0);
            File.SetLastWriteTimeUtc(file, at.UtcDateTime);
            RandomAccess.FlushToDisk(file);
            File.Move(draft, path, overwrite: true); // overwriting is one rename; ids do not meet
            FolderFlush.Flush(folder);
        }
        catch
        {
            TryDelete(draft);
            TryDelete(path);
            throw;
        }
    }

    /// <summary>Path of the file of an id.</summary>
    public bool TryFind(string id, [NotNullWhen(true)] out string? path)
    {
        path = null;
        if (!StoredId.IsOne(id)) return false;
        try
        {
            path = Directory.EnumerateFiles(ShardOf(id), id + ".*", Plain).FirstOrDefault();
        }
        catch (DirectoryNotFoundException)
        {
        }
        return path is not null;
    }

    /// <summary>All files, in no order.</summary>
    public IEnumerable<FileInfo> List() =>
        from shard in new DirectoryInfo(Root).EnumerateDirectories()
        where shard.Name.Length == ShardDigits && StoredId.IsHex(shard.Name)
        from file in shard.EnumerateFiles()
        select file;

    /// <summary>Removes the file of an id; false where there is none.</summary>
    public bool Remove(string id)
    {
        if (!TryFind(id, out string? path)) return false;
        File.Delete(path); // who reads it reads on
        return true;
    }

    private string ShardOf(string id) => Path.Combine(Root, id[..ShardDigits]);

    private void Prepare(string shard)
    {
        if (Directory.Exists(shard) && IsFlushed(shard)) return;
        lock (gate)
        {
            Directory.CreateDirectory(shard);
            FolderFlush.Flush(Root);
            flushed.Add(shard);
        }
    }

    private bool IsFlushed(string shard)
    {
        lock (gate) return flushed.Contains(shard);
    }

    private static void RemoveLeftover(string path)
    {
        try
        {
            using var alone = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
        {
            return;
        }
        TryDelete(path);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Another start, or the sweep, meets it again.
        }
    }
}
