using System.Runtime.InteropServices;
using Darkroom.Diffusion.Prompts;

namespace Darkroom.Models.Text;

/// <summary>
/// Long and weighted texts as ComfyUI cuts them: every piece is made tokens alone, and one of fewer than eight is never torn; it begins the next chunk where it
/// does not fit in what is left of one. A text without tokens is one chunk. Textual inversions are named <c>embedding:name</c> or <c>&lt;name&gt;</c>.
/// </summary>
/// <param name="tokenizer">Gives the ids, and the length of a chunk.</param>
public sealed class ComfyChunker(ClipTokenizer tokenizer)
{
    /// <summary>Tokens of the shortest piece that may be torn.</summary>
    public const int Large = 8;

    private const string Prefix = "embedding:";

    /// <summary>Chunks of a text in ComfyUI's attention syntax. Any text; time is linear in it but for nested brackets.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="embeddings">Textual inversions that it may name; null: none.</param>
    /// <param name="encoder">The text encoder that reads it, by its place in the model.</param>
    public TextTokens Cut(string text, PromptEmbeddings? embeddings = null, int encoder = 0)
    {
        var vectors = embeddings is null ? null : new TokenVectors(encoder, embeddings.EndIsPooled);
        var ids = new List<int>();
        var weights = new List<float>();
        int first = 0; // of the chunk that is filled
        Open();
        foreach (var piece in ComfyAttention.Parse(text))
            foreach (var group in Groups(piece.Text, embeddings, vectors))
                Add(group, (float)Math.Clamp(piece.Weight, -PromptChunker.MaxWeight, PromptChunker.MaxWeight));
        Close();
        bool weighted = weights.Exists(weight => weight != 1);
        return new([.. ids])
        {
            Chunks = ids.Count / tokenizer.TokenLength,
            Weights = weighted ? [.. weights] : null,
            Vectors = TokenVectors.AreIn(CollectionsMarshal.AsSpan(ids)) ? vectors : null,
            Neutral = weighted ? EmptyIds() : null,
        };

        void Add(IReadOnlyList<int> group, float weight)
        {
            bool isLarge = group.Count >= Large;
            for (int at = 0; at < group.Count;)
            {
                int room = tokenizer.TokenLength - 1 - (ids.Count - first);
                int taken = group.Count - at <= room ? group.Count - at : isLarge ? room : 0;
                for (int i = 0; i < taken; i++) Put(group[at + i], weight);
                at += taken;
                if (at == group.Count) break;
                Close();
                Open();
            }
        }

        void Open()
        {
            first = ids.Count;
            Put(tokenizer.StartId, 1);
        }

        void Close()
        {
            Put(tokenizer.EndId, 1);
            while (ids.Count - first < tokenizer.TokenLength) Put(tokenizer.PadId, 1);
        }

        void Put(int id, float weight)
        {
            ids.Add(id);
            weights.Add(weight);
        }
    }

    private int[] EmptyIds()
    {
        var empty = new int[tokenizer.TokenLength];
        Array.Fill(empty, tokenizer.PadId);
        (empty[0], empty[1]) = (tokenizer.StartId, tokenizer.EndId);
        return empty;
    }

    /// <summary>The tokens of a piece, and those of each inversion that it names, apart.</summary>
    private IEnumerable<IReadOnlyList<int>> Groups(string text, PromptEmbeddings? embeddings, TokenVectors? vectors)
    {
        if (embeddings is null)
        {
            yield return tokenizer.Encode(text);
            yield break;
        }
        string words = "";
        foreach (var part in embeddings.Split(text))
        {
            bool prefixed = words.EndsWith(Prefix, StringComparison.Ordinal);
            if (part.Named is not { } named || !(part.IsBracketed || prefixed))
            {
                words += part.Text;
                continue;
            }
            yield return tokenizer.Encode(prefixed && !part.IsBracketed ? words[..^Prefix.Length] : words);
            yield return [.. vectors!.IdsOf(named).Take(tokenizer.TokenLength - 2)];
            words = "";
        }
        yield return tokenizer.Encode(words);
    }
}
