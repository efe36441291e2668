namespace Darkroom.Models.Text;

/// <summary>A merge: two tokens that stand side by side become one. The lower the rank, the earlier.</summary>
internal readonly record struct Merge(int Rank, int Token);

/// <summary>
/// Byte-level byte-pair encoding (Sennrich, Haddow and Birch 2016) with an end-of-word mark: a word's bytes become one token each, then the pair
/// of lowest rank is merged, the leftmost first, until no pair is left. About O(n log n) for a word of n bytes.
/// </summary>
/// <param name="bytes">Token of each byte within a word.</param>
/// <param name="lastBytes">Token of each byte at a word's end.</param>
/// <param name="merges">What a <see cref="Pair"/> becomes.</param>
internal sealed class BytePairEncoding(int[] bytes, int[] lastBytes, Dictionary<long, Merge> merges)
{
    /// <summary>Ids are below 2^20.</summary>
    public const int IdBits = 20;

    /// <summary>
    /// The key of a pair. Not 32 bits apart: a long's hash is the exclusive or of its halves, and all doubled tokens would fall into one bucket.
    /// </summary>
    public static long Pair(int left, int right) => ((long)left << IdBits) | (uint)right;

    /// <summary>Tokens of one word, given as UTF-8.</summary>
    public int[] Encode(ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty) return [];
        int[] tokens = new int[word.Length];
        for (int i = 0; i < tokens.Length - 1; i++) tokens[i] = bytes[word[i]];
        tokens[^1] = lastBytes[word[^1]];
        return tokens.Length == 1 ? tokens : MergeAll(tokens);
    }

    private int[] MergeAll(int[] tokens)
    {
        const int Gone = -1;
        int[] next = new int[tokens.Length], previous = new int[tokens.Length];
        // Positions of the left tokens of pairs that can merge, by rank. An entry is stale where the pair there has another rank by now.
        var waiting = new Dictionary<int, List<int>>();
        var ranks = new PriorityQueue<int, int>();
        (int Rank, List<int>? Positions) last = (-1, null); // neighbours mostly share a rank where a word is long
        for (int i = 0; i < tokens.Length; i++) (previous[i], next[i]) = (i - 1, i + 1);
        for (int i = 0; i < tokens.Length - 1; i++) Wait(i);
        while (ranks.TryDequeue(out int rank, out _))
        {
            waiting.Remove(rank, out var positions);
            last = (-1, null);
            positions!.Sort();
            for (int n = 0; n < positions.Count; n++)
            {
                int i = positions[n];
                if (tokens[i] == Gone || !At(i, out var merge) || merge.Rank != rank) continue;
                int right = next[i];
                tokens[i] = merge.Token;
                tokens[right] = Gone;
                next[i] = next[right];
                if (next[i] < tokens.Length) previous[next[i]] = i;
                if (previous[i] >= 0) Wait(previous[i]);
                Wait(i);
                // Learnt merges only ever lead to later ones; a list in another order is still followed as it stands.
                if (!ranks.TryPeek(out int lowest, out _) || lowest >= rank) continue;
                for (int rest = n + 1; rest < positions.Count; rest++) Wait(positions[rest]);
                break;
            }
        }
        return Array.FindAll(tokens, token => token != Gone);

        bool At(int i, out Merge merge)
        {
            merge = default;
            return next[i] < tokens.Length && merges.TryGetValue(Pair(tokens[i], tokens[next[i]]), out merge);
        }

        void Wait(int i)
        {
            if (tokens[i] == Gone || !At(i, out var merge)) return;
            if (last.Rank != merge.Rank || last.Positions is null)
            {
                if (!waiting.TryGetValue(merge.Rank, out var positions))
                {
                    waiting[merge.Rank] = positions = [];
                    ranks.Enqueue(merge.Rank, merge.Rank);
                }
                last = (merge.Rank, positions);
            }
            last.Positions!.Add(i);
        }
    }
}
