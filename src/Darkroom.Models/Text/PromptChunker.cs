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
    /// <param name="text">Any text.</param>
    /// <param name="embeddings">
    /// Textual inversions that it may name; null: none. The vectors of one are never torn: where they do not fit in what is left of a chunk, they begin the
    /// next.
    /// </param>
    /// <param name="encoder">The text encoder that reads it, by its place in the model.</param>
    public TextTokens Cut(string text, PromptEmbeddings? embeddings = null, int encoder = 0)
    {
        var vectors = embeddings is null ? null : new TokenVectors(encoder, embeddings.EndIsPooled);
        var chunks = new Chunks(tokenizer, vectors);
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
            float weight = (float)Math.Clamp(piece.Weight, -MaxWeight, MaxWeight);
            if (embeddings is null)
            {
                AddWords(piece.Text, weight);
                continue;
            }
            foreach (var part in embeddings.Split(piece.Text))
                if (part.Named is { } named) AddVectors(named, weight);
                else AddWords(part.Text, weight);
        }
        if (ids.Count > 0 || chunks.Count == 0) Close(ids.Count);
        return chunks.Text;

        void AddWords(string words, float weight)
        {
            foreach (int id in tokenizer.Encode(words))
            {
                if (id == tokenizer.CommaId) comma = ids.Count;
                else TakeBack();
                if (ids.Count == size) Close(size);
                ids.Add(id);
                weights.Add(weight);
            }
        }

        void AddVectors(PromptEmbedding embedding, float weight)
        {
            TakeBack();
            if (ids.Count > 0 && ids.Count + embedding.Count > size) Close(ids.Count);
            foreach (int id in vectors!.IdsOf(embedding).Take(size))
            {
                ids.Add(id);
                weights.Add(weight);
            }
        }

        void TakeBack()
        {
            if (ids.Count == size && comma >= 0 && size - comma <= commaBacktrack) Close(comma + 1);
        }

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
        return text with
        {
            Ids = text.Ids[..kept],
            Weights = text.Weights?[..kept],
            Chunks = chunks,
            Vectors = TokenVectors.AreIn(text.Ids.AsSpan(0, kept)) ? text.Vectors : null,
            Dropped = tokenizer.TextOf(text.Ids.AsSpan(kept), text.Vectors),
        };
    }

    /// <summary>Closed chunks: start, tokens, end, padding.</summary>
    private sealed class Chunks(ClipTokenizer tokenizer, TokenVectors? vectors)
    {
        private readonly List<int> ids = [];
        private readonly List<float> weights = [];

        public int Count => ids.Count / tokenizer.TokenLength;

        /// <summary>Weights that are all 1 are none: then the text is the same to a cache as one that was never weighted.</summary>
        public TextTokens Text => new([.. ids])
        {
            Chunks = Count,
            Weights = weights.TrueForAll(weight => weight == 1) ? null : [.. weights],
            Vectors = TokenVectors.AreIn(CollectionsMarshal.AsSpan(ids)) ? vectors : null,
        };

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
