using System.Text.Json;

namespace Darkroom.Models.Pool;

/// <summary>File hashes on disk, as JSON. It only saves time: a missing, broken or unwritable file is no error.</summary>
internal sealed class HashCacheFile
{
    private const int HexDigits = 64;
    private readonly string path;
    private readonly Lock gate = new();

    public HashCacheFile(string path)
    {
        this.path = path;
        Entries = Load(path);
    }

    /// <summary>By absolute path; as the file stood when this was made.</summary>
    public IReadOnlyDictionary<string, FileHash> Entries { get; }

    /// <summary>Writes what was there and what is new, as a whole: a reader sees the old file or the new one.</summary>
    public void Save(IEnumerable<KeyValuePair<string, FileHash>> known)
    {
        lock (gate)
        {
            var all = new SortedDictionary<string, FileHash>(Entries.Where(entry => File.Exists(entry.Key)).ToDictionary(), StringComparer.Ordinal);
            foreach (var (file, hash) in known) all[file] = hash;
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                string fresh = path + ".new";
                File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(all));
                File.Move(fresh, path, overwrite: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The next start reads the files again.
            }
        }
    }

    private static Dictionary<string, FileHash> Load(string path)
    {
        try
        {
            var entries = JsonSerializer.Deserialize<Dictionary<string, FileHash>>(File.ReadAllBytes(path)) ?? [];
            return entries.Where(entry => entry.Value.Sha256 is { Length: HexDigits } hex && hex.All(char.IsAsciiHexDigitLower))
                .ToDictionary(StringComparer.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }
}
