using System.Text.Json;

namespace Darkroom.Models.Graphs;

/// <summary>
/// Outcomes of proofs by content hash, in memory and, where a path is given, in a small JSON file. It only saves time: a missing, broken or unwritable
/// file is no error. Safe for any number of threads.
/// </summary>
/// <param name="path">The file; null: in memory alone.</param>
public sealed class ProofFile(string? path = null)
{
    private readonly Lock gate = new();
    private SortedDictionary<string, string>? outcomes;

    /// <summary>Whether a proof was made before, and its outcome: empty where it held, else why not.</summary>
    public bool TryFind(string key, out string outcome)
    {
        lock (gate)
        {
            outcomes ??= Load();
            return outcomes.TryGetValue(key, out outcome!);
        }
    }

    /// <summary>Keeps an outcome. The file is replaced as a whole: a reader sees the old one or the new one.</summary>
    public void Add(string key, string outcome)
    {
        lock (gate)
        {
            outcomes ??= Load();
            outcomes[key] = outcome;
            if (path is null) return;
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                string fresh = path + ".new";
                File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(outcomes));
                File.Move(fresh, path, overwrite: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The next start proves again.
            }
        }
    }

    private SortedDictionary<string, string> Load()
    {
        var loaded = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (path is null) return loaded;
        try
        {
            foreach (var (key, outcome) in JsonSerializer.Deserialize<Dictionary<string, string?>>(File.ReadAllBytes(path)) ?? [])
                if (outcome is not null) loaded[key] = outcome;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            // As if there were none.
        }
        return loaded;
    }
}
