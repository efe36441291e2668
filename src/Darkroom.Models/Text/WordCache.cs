using System.Collections.Concurrent;

namespace Darkroom.Models.Text;

/// <summary>
/// Tokens of words seen lately. Two generations of bounded size: when the young one is full it becomes the old one and the old one goes, so a
/// word in use is kept and memory never grows. Safe for any number of threads.
/// </summary>
internal sealed class WordCache(int capacity)
{
    private volatile Generation young = new(null);

    /// <summary>Words held now: at most two generations, and what other threads add while one turns.</summary>
    public int Count => young.Words.Count + (young.Before?.Count ?? 0);

    public int[]? Find(ReadOnlySpan<char> word)
    {
        var now = young;
        if (now.Words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out int[]? tokens)) return tokens;
        if (now.Before?.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out tokens) != true) return null;
        Add(word, tokens!);
        return tokens;
    }

    public void Add(ReadOnlySpan<char> word, int[] tokens)
    {
        var now = young;
        if (!now.Words.TryAdd(word.ToString(), tokens)) return;
        // Only the thread that adds the last word of a generation turns it.
        if (Interlocked.Increment(ref now.Added) == capacity) young = new(now.Words);
    }

    private sealed class Generation(ConcurrentDictionary<string, int[]>? before)
    {
        public readonly ConcurrentDictionary<string, int[]> Words = new(StringComparer.Ordinal);
        public readonly ConcurrentDictionary<string, int[]>? Before = before;
        public int Added;
    }
}
