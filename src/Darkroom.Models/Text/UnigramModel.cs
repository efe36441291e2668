namespace Darkroom.Models.Text;

/// <summary>
/// SentencePiece's unigram model (Kudo 2018): of all ways to cut a word into pieces of the vocabulary, the one whose scores add up to the most.
/// </summary>
/// <param name="pieces">Text to id; of a text that stands twice, the last.</param>
/// <param name="scores">Log probabilities, by id.</param>
/// <param name="unknownId">For signs that no piece covers; a run of them is one token.</param>
internal sealed class UnigramModel(IReadOnlyDictionary<string, int> pieces, IReadOnlyList<double> scores, int unknownId)
{
    /// <summary>What an unknown sign costs below the least likely piece: SentencePiece's own value.</summary>
    private const double UnknownPenalty = 10;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> known =
        new Dictionary<string, int>(pieces, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly int longest = pieces.Keys.DefaultIfEmpty("").Max(piece => piece.Length);
    private readonly double unknownScore = scores.DefaultIfEmpty(0).Min() - UnknownPenalty;

    /// <summary>Adds the ids of a word. Time is linear in its length.</summary>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        var best = new Node[word.Length + 1];
        for (int start = 0; start < word.Length;)
        {
            // A sign beyond U+FFFF is two characters.
            int sign = char.IsHighSurrogate(word[start]) && start + 1 < word.Length ? 2 : 1;
            double before = best[start].Score;
            bool covered = false;
            for (int length = sign; length <= Math.Min(longest, word.Length - start); length++)
            {
                if (!known.TryGetValue(word.Slice(start, length), out int id)) continue;
                best[start + length].Offer(start, id, before + scores[id]);
                covered |= length == sign;
            }
            if (!covered) best[start + sign].Offer(start, unknownId, before + unknownScore);
            start += sign;
        }

        int first = ids.Count;
        for (int end = word.Length; end > 0; end = best[end].Start)
            if (best[end].Id != unknownId || ids.Count == first || ids[^1] != unknownId)
                ids.Add(best[end].Id);
        ids.Reverse(first, ids.Count - first);
    }

    /// <summary>The best way to a place in the word.</summary>
    private struct Node
    {
        public int Start, Id;
        public double Score;
        private bool isReached;

        /// <summary>Of equal ways the first stays.</summary>
        public void Offer(int start, int id, double score)
        {
            if (isReached && score <= Score) return;
            (Start, Id, Score, isReached) = (start, id, score, true);
        }
    }
}
