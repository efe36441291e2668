using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Darkroom.Models.Files;

namespace Darkroom.Models.Text;

/// <summary>
/// CLIP's tokenizer: the ids that transformers gives for the same files, which is what diffusers' pipelines run. Immutable, safe for any number
/// of threads, time linear in the text but for a logarithm.
/// A prompt may name special tokens: <c>&lt;|endoftext|&gt;</c> written in it <b>is</b> the end token, as in the library. Upper case or blanks
/// inside make it plain text again.
/// </summary>
public sealed class ClipTokenizer
{
    /// <summary>Tokens of a prompt where neither the files nor the text encoder say.</summary>
    public const int StandardLength = 77;

    private const int CachedWords = 8192, CachedLength = 48;
    private const string EndOfWord = "</w>";

    private readonly Dictionary<int, string> texts = [];
    private readonly Dictionary<string, int> specials = new(StringComparer.Ordinal);
    private readonly SearchValues<string> specialTexts;
    private readonly BytePairEncoding encoding;
    private readonly WordCache cache = new(CachedWords);

    internal ClipTokenizer(ClipVocabulary vocabulary, int tokenLength, FaultList faults)
    {
        TokenLength = tokenLength;
        foreach (var (text, id) in vocabulary.Tokens) texts[id] = text;
        VocabularySize = texts.Keys.DefaultIfEmpty(-1).Max() + 1;
        StartId = Special(vocabulary.Start);
        EndId = Special(vocabulary.End);
        PadId = Special(vocabulary.Pad);
        CommaId = vocabulary.Tokens.TryGetValue("," + EndOfWord, out int comma) ? comma : null;
        int unknown = Special(vocabulary.Unknown);
        foreach (string text in vocabulary.Special)
            if (vocabulary.Tokens.ContainsKey(text))
                Special(text);
        specialTexts = SearchValues.Create([.. specials.Keys], StringComparison.Ordinal);

        int[] bytes = new int[256], lastBytes = new int[256];
        for (int value = 0; value < 256; value++)
        {
            string sign = ByteSigns.Of((byte)value).ToString();
            bytes[value] = vocabulary.Tokens.GetValueOrDefault(sign, unknown);
            lastBytes[value] = vocabulary.Tokens.GetValueOrDefault(sign + EndOfWord, unknown);
        }
        encoding = new(bytes, lastBytes, Merges(vocabulary, faults));

        int Special(string text)
        {
            if (!vocabulary.Tokens.TryGetValue(text, out int id)) faults.Add(ClipVocabularyFiles.Vocabulary, $"the special token '{text}' is missing");
            else if (text.Length > 0) specials[text] = id;
            return id;
        }
    }

    /// <summary>Ids of one prompt: start, text, end and padding.</summary>
    public int TokenLength { get; }

    public int StartId { get; }
    public int EndId { get; }

    /// <summary>Fills up behind the end token: the end token itself, or a token of its own such as 0.</summary>
    public int PadId { get; }

    /// <summary>A comma that ends a word, at which long prompts may be cut; null where the vocabulary has none.</summary>
    public int? CommaId { get; }

    /// <summary>The greatest id and one: rows that the text encoder's embedding table must have.</summary>
    public int VocabularySize { get; }

    /// <param name="folder">A tokenizer folder: <c>vocab.json</c>, <c>merges.txt</c> and configuration, or <c>tokenizer.json</c>.</param>
    /// <param name="maxLength">A bound on <see cref="TokenLength"/>: positions of the text encoder. The files may say less.</param>
    /// <exception cref="InvalidDataException">A file is missing or wrong; the message names it and says why.</exception>
    public static ClipTokenizer Load(string folder, int? maxLength = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var faults = new FaultList();
        ClipTokenizer? tokenizer = null;
        if (ClipVocabularyFiles.Read(folder, faults) is { } vocabulary)
        {
            int length = Math.Min(vocabulary.MaxLength ?? maxLength ?? StandardLength, maxLength ?? int.MaxValue);
            if (length < 3) faults.Add(ClipVocabularyFiles.Config, $"{length} tokens cannot hold start, end and a word");
            tokenizer = new(vocabulary, length, faults);
        }
        return tokenizer is null || faults.Any ? throw new InvalidDataException(faults.ToString()) : tokenizer;
    }

    /// <summary>Ids of a text, as many as it has, without start and end.</summary>
    public IReadOnlyList<int> Encode(string text) => Ids(text);

    /// <summary>
    /// Start, the text's ids, end and padding. What does not fit is dropped behind the text's first <c>TokenLength − 2</c> ids; the end token stays.
    /// </summary>
    /// <param name="ids">As long as <see cref="TokenLength"/>.</param>
    public TokenCount EncodePadded(string text, Span<int> ids)
    {
        if (ids.Length != TokenLength) throw new ArgumentException($"{ids.Length} ids; a prompt has {TokenLength}.", nameof(ids));
        return Pad(CollectionsMarshal.AsSpan(Ids(text)), ids);
    }

    /// <summary>A text as it stands, cut at the length of a prompt.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="embeddings">Textual inversions that it may name, whose vectors take a token each; null: none.</param>
    /// <param name="encoder">The text encoder that reads it, by its place in the model.</param>
    public TextTokens Cut(string text, PromptEmbeddings? embeddings = null, int encoder = 0)
    {
        var vectors = embeddings is null ? null : new TokenVectors(encoder, embeddings.EndIsPooled);
        var all = embeddings is null ? Ids(text)
            : [.. embeddings.Split(text).SelectMany(part => part.Named is { } named ? vectors!.IdsOf(named) : Ids(part.Text))];
        int[] ids = new int[TokenLength];
        bool fits = !Pad(CollectionsMarshal.AsSpan(all), ids).Cut;
        return new TextTokens(ids)
        {
            Vectors = TokenVectors.AreIn(ids) ? vectors : null,
            Dropped = fits ? null : Decode(all.Skip(TokenLength - 2), vectors),
        };
    }

    /// <summary>The text of whole chunks, as the tokens read: what stands between start and end.</summary>
    internal string TextOf(ReadOnlySpan<int> chunks, TokenVectors? vectors)
    {
        var kept = new List<int>();
        for (int start = 0; start < chunks.Length; start += TokenLength)
        {
            var chunk = chunks.Slice(start, Math.Min(TokenLength, chunks.Length - start))[1..];
            kept.AddRange(chunk[..(chunk.IndexOf(EndId) is >= 0 and var end ? end : chunk.Length)]);
        }
        return Decode(kept, vectors);
    }

    /// <summary>The end of a text that <see cref="EncodePadded"/> drops, as the tokens read; empty where all fits. For warnings.</summary>
    public string Dropped(string text)
    {
        var all = Ids(text);
        return all.Count <= TokenLength - 2 ? "" : Decode(all.Skip(TokenLength - 2));
    }

    /// <summary>The text that ids stand for: lower case, a blank behind every word, special tokens left out, broken UTF-8 as U+FFFD.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    /// <param name="ids">Of this vocabulary, or of <paramref name="vectors"/>, which are told by their names.</param>
    public string Decode(IEnumerable<int> ids, TokenVectors? vectors = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new List<byte>();
        int previous = -1;
        foreach (int id in ids)
        {
            if (vectors is not null && TokenVectors.Has(id))
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(vectors.NameOf(id, previous)));
                previous = id;
                continue;
            }
            previous = id;
            if (!texts.TryGetValue(id, out string? text)) throw new ArgumentOutOfRangeException(nameof(ids), id, "Not an id of this vocabulary.");
            if (specials.ContainsKey(text)) continue;
            bool ends = text.EndsWith(EndOfWord, StringComparison.Ordinal);
            foreach (char sign in ends ? text.AsSpan(0, text.Length - EndOfWord.Length) : text)
                if (ByteSigns.ByteOf(sign) is { } value)
                    bytes.Add(value);
            if (ends) bytes.Add((byte)' ');
        }
        return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes)).Trim();
    }

    private List<int> Ids(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        ReadOnlySpan<char> rest = ClipTokenizerWords.Repair(text);
        while (!rest.IsEmpty)
        {
            // Special tokens are taken out of the text as it was written, before any change to it.
            int special = rest.IndexOfAny(specialTexts);
            if (special != 0) AddWords(rest[..(special < 0 ? rest.Length : special)], ids);
            if (special < 0) break;
            rest = rest[special..];
            string found = LongestSpecial(rest);
            ids.Add(specials[found]);
            rest = rest[found.Length..];
        }
        return ids;
    }

    private TokenCount Pad(ReadOnlySpan<int> all, Span<int> ids)
    {
        int kept = Math.Min(all.Length, TokenLength - 2);
        ids[0] = StartId;
        all[..kept].CopyTo(ids[1..]);
        ids[kept + 1] = EndId;
        ids[(kept + 2)..].Fill(PadId);
        return new(kept + 2, kept < all.Length);
    }

    private string LongestSpecial(ReadOnlySpan<char> text)
    {
        string longest = "";
        foreach (string special in specials.Keys)
            if (special.Length > longest.Length && text.StartsWith(special, StringComparison.Ordinal))
                longest = special;
        return longest;
    }

    private void AddWords(ReadOnlySpan<char> text, List<int> ids)
    {
        ReadOnlySpan<char> normalized = ClipTokenizerWords.Normalize(text.ToString());
        int position = 0;
        while (ClipTokenizerWords.Next(normalized, ref position) is { IsEmpty: false } word)
        {
            if (cache.Find(word) is { } known)
            {
                ids.AddRange(known);
                continue;
            }
            int[] tokens = EncodeWord(word);
            if (word.Length <= CachedLength) cache.Add(word, tokens);
            ids.AddRange(tokens);
        }
    }

    private int[] EncodeWord(ReadOnlySpan<char> word)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(word.Length));
        int length = Encoding.UTF8.GetBytes(word, buffer);
        int[] tokens = encoding.Encode(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return tokens;
    }

    private static Dictionary<long, Merge> Merges(ClipVocabulary vocabulary, FaultList faults)
    {
        var merges = new Dictionary<long, Merge>(vocabulary.Merges.Count);
        for (int rank = 0; rank < vocabulary.Merges.Count; rank++)
        {
            var (left, right) = vocabulary.Merges[rank];
            if (vocabulary.Tokens.TryGetValue(left, out int l) && vocabulary.Tokens.TryGetValue(right, out int r)
                && vocabulary.Tokens.TryGetValue(left + right, out int joined))
            {
                merges[BytePairEncoding.Pair(l, r)] = new(rank, joined); // of a pair named twice the library keeps the last rank
                continue;
            }
            faults.Add(ClipVocabularyFiles.MergeList, $"merge {rank + 1} ('{left}' and '{right}') names a token that the vocabulary lacks");
            break;
        }
        return merges;
    }
}
