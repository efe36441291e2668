using System.Runtime.InteropServices;
using Darkroom.Diffusion.Prompts;

namespace Darkroom.Models.Text;

/// <summary>
/// Long and weighted texts as A1111 cuts them: every piece of equal weight is made tokens alone, <c>TokenLength − 2</c> tokens fill a chunk, and
/// each chunk has its own start, end and padding. <c>BREAK</c> ends a chunk; a text without tokens is one chunk.
/// Where a chunk is full, the tokens behind its last comma go to the next one if there are few of them, so that no phrase is torn.
/// </summary>
/// <param name="tokenizer">Gives the ids, and the length of a chunk.</param>
/// <param name="commaBacktrack">Tokens that are taken back at most, the comma counted; 0: none.</param>
public sealed class PromptChunker(ClipTokenizer tokenizer, int commaBacktrack = PromptChunker.StandardBacktrack)
{
    /// <summary>What A1111 is set to when it is installed.</summary>
    public const int StandardBacktrack = 20;

    private readonly int size = tokenizer.TokenLength - 2;

    /// <summary>
    /// Nested brackets multiply beyond what float32 holds; times a hidden state and summed, this still is a number, and next to it any other weight is
    /// nothing.
    /// </summary>
    internal const double MaxWeight = 1e30;

    /// <summary>Chunks of a text in attention syntax. Any text; time is linear in it.</summary>
    public TextTokens Cut(string text)
    {
        var chunks = new Chunks(tokenizer);
        var ids = new List<int>(size);
        var weights = new List<float>(size);
        int comma = -1; // where the chunk's last one stands
        foreach (var piece in PromptAttention.Parse(text))
        {
            if (piece.IsBreak)
            {
                Close(ids.Count);
                continue;
            }
            foreach (int id in tokenizer.Encode(piece.Text))
            {
                bool full = ids.Count == size;
                if (id == tokenizer.CommaId) comma = ids.Count;
                else if (full && comma >= 0 && size - comma <= commaBacktrack) Close(comma + 1);
                if (ids.Count == size) Close(size);
                ids.Add(id);
                weights.Add((float)Math.Clamp(piece.Weight, -MaxWeight, MaxWeight));
            }
        }
        if (ids.Count > 0 || chunks.Count == 0) Close(ids.Count);
        return chunks.Text;

        void Close(int kept)
        {
            chunks.Add(CollectionsMarshal.AsSpan(ids)[..kept], CollectionsMarshal.AsSpan(weights)[..kept]);
            ids.RemoveRange(0, kept);
            weights.RemoveRange(0, kept);
            comma = -1;
        }
    }

    /// <summary>A text that has at most so many chunks; what is behind them is dropped.</summary>
    public TextTokens Limit(TextTokens text, int chunks)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Chunks <= chunks) return text;
        int kept = chunks * text.ChunkLength;
        return text with { Ids = text.Ids[..kept], Weights = text.Weights?[..kept], Chunks = chunks, Dropped = tokenizer.TextOf(text.Ids.AsSpan(kept)) };
    }

    /// <summary>Closed chunks: start, tokens, end, padding.</summary>
    private sealed class Chunks(ClipTokenizer tokenizer)
    {
        private readonly List<int> ids = [];
        private readonly List<float> weights = [];

        public int Count => ids.Count / tokenizer.TokenLength;

        /// <summary>Weights that are all 1 are none: then the text is the same to a cache as one that was never weighted.</summary>
        public TextTokens Text => new([.. ids]) { Chunks = Count, Weights = weights.TrueForAll(weight => weight == 1) ? null : [.. weights] };

        public void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<float> tokenWeights)
        {
            int start = ids.Count, end = start + tokenizer.TokenLength;
            ids.Add(tokenizer.StartId);
            ids.AddRange(tokens);
            while (ids.Count < end) ids.Add(tokenizer.EndId);
            // Behind the first end token all is padding where that is a token of its own: so is what follows an end token that the prompt itself wrote.
            if (tokenizer.PadId != tokenizer.EndId)
                CollectionsMarshal.AsSpan(ids)[(ids.IndexOf(tokenizer.EndId, start) + 1)..end].Fill(tokenizer.PadId);

            weights.Add(1);
            weights.AddRange(tokenWeights);
            while (weights.Count < end) weights.Add(1);
        }
    }
}
