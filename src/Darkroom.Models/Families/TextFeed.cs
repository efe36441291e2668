using Darkroom.Models.Graphs;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families;

/// <summary>What a text encoder's graph is given in one call: token ids, and the vectors that stand in place of tokens' own.</summary>
internal readonly struct TextFeed
{
    /// <summary>Numbers of vectors are multiples of this, so that few shapes of calls are kept.</summary>
    private const int Step = 8;

    private readonly IReadOnlyList<TokenChunk> texts;
    private readonly List<float[]>? vectors; // null: every token has its own
    private readonly int[][]? places; // of each text's tokens, 0: its own

    private TextFeed(IReadOnlyList<TokenChunk> texts, int width, List<float[]>? vectors, int[][]? places)
    {
        (this.texts, this.vectors, this.places) = (texts, vectors, places);
        VectorShape = [vectors is null ? 1 : (vectors.Count + 1 + Step - 1) / Step * Step, width];
    }

    /// <summary>Sides of the input for vectors: the first row is nobody's. // [n, C]</summary>
    public long[] VectorShape { get; }

    /// <param name="texts">The chunks of the call.</param>
    /// <param name="port">The graph's input for vectors; null: it has none.</param>
    /// <exception cref="GraphException">A text has vectors that the graph cannot take.</exception>
    public static TextFeed Of(IReadOnlyList<TokenChunk> texts, GraphPort? port)
    {
        int width = port?.Shape[^1] ?? 0;
        if (!texts.Any(static text => text.Vectors is not null)) return new(texts, width, null, null);
        if (port is null) throw new GraphException("this text encoder takes no vectors of textual inversions");
        var vectors = new List<float[]>();
        int[][] places = new int[texts.Count][];
        for (int text = 0; text < texts.Count; text++)
        {
            var ids = texts[text].Ids.Span;
            places[text] = new int[ids.Length];
            if (texts[text].Vectors is not { } meaning) continue;
            for (int i = 0; i < ids.Length; i++)
            {
                if (!TokenVectors.Has(ids[i])) continue;
                var vector = meaning.Of(ids[i]);
                if (vector.Length != width)
                    throw new GraphException($"a textual inversion has vectors of {vector.Length} channels, and this text encoder takes {width}");
                vectors.Add(vector.ToArray());
                places[text][i] = vectors.Count;
            }
        }
        return new(texts, width, vectors, places);
    }

    public void Write(GraphBinding binding, string idsInput, bool takesVectors)
    {
        int[]? own = takesVectors && places is null ? new int[texts[0].Ids.Length] : null;
        for (int row = 0; row < texts.Count; row++)
        {
            var ids = texts[row].Ids.Span;
            binding.Write(idsInput, row, texts[row].Vectors is { } meaning ? GraphIds(ids, meaning) : ids);
            if (takesVectors) binding.Write(TokenVectorInputs.Places, row, own ?? places![row]);
        }
        for (int i = 0; i < (vectors?.Count ?? 0); i++) binding.Write(TokenVectorInputs.Vectors, i + 1, vectors![i]);
    }

    private static int[] GraphIds(ReadOnlySpan<int> ids, TokenVectors meaning)
    {
        int[] given = new int[ids.Length];
        for (int i = 0; i < given.Length; i++) given[i] = meaning.GraphIdOf(ids[i]);
        return given;
    }
}
