using System.Runtime.InteropServices;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Stages;

/// <summary>A chunk of a row's texts as one encoder reads it: what one evaluation encodes, for every place that has it.</summary>
/// <param name="tokens">The chunk, without weights.</param>
internal sealed class TextChunk(TextTokens tokens)
{
    public TextTokens Tokens { get; } = tokens;

    /// <summary>Chunks of equal signatures share a call.</summary>
    public string Signature { get; } = tokens.Signature;

    /// <summary>The texts that have it, and where in them.</summary>
    public List<(int Entry, int Chunk)> Places { get; } = [];

    /// <summary>Whether its answer was taken.</summary>
    public bool IsMade { get; set; }

    /// <summary>Every different chunk of the texts once, in reading order.</summary>
    public static TextChunk[] Of(IReadOnlyList<TokenizedText> entries, int encoder)
    {
        var chunks = new List<TextChunk>();
        var known = new Dictionary<Key, TextChunk>();
        for (int entry = 0; entry < entries.Count; entry++)
        {
            var text = entries[entry].Encoders[encoder];
            for (int place = 0; place < text.Encoded; place++)
            {
                var key = new Key(text.IdsOf(place), text.ClipSkip, text.VectorsOf(place));
                if (!known.TryGetValue(key, out var chunk)) chunks.Add(known[key] = chunk = new TextChunk(text.Chunk(place)));
                chunk.Places.Add((entry, place));
            }
        }
        return [.. chunks];
    }

    private readonly record struct Key(ReadOnlyMemory<int> Ids, int ClipSkip, TokenVectors? Vectors)
    {
        public bool Equals(Key other) =>
            ClipSkip == other.ClipSkip && Ids.Span.SequenceEqual(other.Ids.Span) && TokenVectors.AreSame(Vectors, other.Vectors);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(ClipSkip);
            hash.AddBytes(MemoryMarshal.AsBytes(Ids.Span));
            return hash.ToHashCode();
        }
    }
}
