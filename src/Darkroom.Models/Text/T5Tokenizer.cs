using System.Buffers;
using System.Text;
using Darkroom.Diffusion.Prompts;
using Darkroom.Models.Files;

namespace Darkroom.Models.Text;

/// <summary>
/// T5's tokenizer: the ids that transformers' <c>T5Tokenizer</c> gives for the same files. Special tokens are taken out of the text as it was written; the
/// rest goes through SentencePiece's table of characters, is cut at blanks, and every word, with <c>▁</c> before it, is cut by the unigram model. Immutable,
/// safe for any number of threads.
/// </summary>
public sealed class T5Tokenizer
{
    private const char WordStart = '▁';
    private const string End = "</s>", Pad = "<pad>";

    private readonly T5Vocabulary vocabulary;
    private readonly UnigramModel model;
    private readonly SearchValues<string> specialTexts;
    private readonly string[] texts; // by id

    private T5Tokenizer(T5Vocabulary vocabulary)
    {
        this.vocabulary = vocabulary;
        model = new UnigramModel(vocabulary.Pieces, vocabulary.Scores, vocabulary.UnknownId);
        specialTexts = SearchValues.Create([.. vocabulary.Special.Keys], StringComparison.Ordinal);
        EndId = vocabulary.Special.GetValueOrDefault(End, 1);
        PadId = vocabulary.Special.GetValueOrDefault(Pad, 0);
        texts = new string[vocabulary.Scores.Count];
        Array.Fill(texts, "");
        foreach (var (text, id) in vocabulary.Pieces)
            if (!vocabulary.Special.ContainsKey(text)) texts[id] = text;
    }

    public int EndId { get; }

    public int PadId { get; }

    /// <summary>Tokens of a prompt with the end; null where the files do not say.</summary>
    public int? MaxLength => vocabulary.MaxLength;

    /// <param name="folder">A tokenizer folder: <c>tokenizer.json</c> or <c>spiece.model</c>.</param>
    /// <exception cref="InvalidDataException">A file is missing or wrong; the message names it and says why.</exception>
    public static T5Tokenizer Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var faults = new FaultList();
        return T5VocabularyFiles.Read(folder, faults) is { } vocabulary && !faults.Any
            ? new T5Tokenizer(vocabulary)
            : throw new InvalidDataException(faults.ToString());
    }

    /// <summary>Ids of a text, as many as it has, without the end.</summary>
    public IReadOnlyList<int> Encode(string text)
    {
        var ids = new List<int>();
        Add(text, ids);
        return ids;
    }

    /// <summary>The text's ids, the end and padding, in one chunk. What does not fit is dropped before the end.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="length">Ids, at least 1.</param>
    /// <param name="reading">Weighted: A1111's attention syntax, in which BREAK is a blank, since there are no chunks.</param>
    public TextTokens Cut(string text, int length, TextReading reading)
    {
        var ids = new List<int>(length);
        var weights = new List<float>(length);
        foreach (var piece in reading == TextReading.Weighted ? PromptAttention.Parse(text) : [new PromptPiece(text, 1)])
        {
            if (piece.IsBreak) continue;
            Add(piece.Text, ids);
            while (weights.Count < ids.Count) weights.Add((float)Math.Clamp(piece.Weight, -PromptChunker.MaxWeight, PromptChunker.MaxWeight));
        }
        int kept = Math.Min(ids.Count, length - 1);
        int[] padded = [.. ids.Take(kept), EndId, .. Enumerable.Repeat(PadId, length - kept - 1)];
        bool weighted = weights.Take(kept).Any(weight => weight != 1);
        return new TextTokens(padded)
        {
            Weights = weighted ? [.. weights.Take(kept), .. Enumerable.Repeat(1f, length - kept)] : null,
            Dropped = kept < ids.Count ? TextOf(ids.Skip(kept)) : null,
        };
    }

    /// <summary>The text that ids stand for, as the tokens read; special tokens are left out.</summary>
    public string TextOf(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return string.Concat(ids.Where(id => id >= 0 && id < texts.Length).Select(id => texts[id])).Replace(WordStart, ' ').Trim();
    }

    private void Add(string text, List<int> ids)
    {
        ReadOnlySpan<char> rest = ClipTokenizerWords.Repair(text);
        while (!rest.IsEmpty)
        {
            int special = rest.IndexOfAny(specialTexts);
            AddWords(rest[..(special < 0 ? rest.Length : special)], ids);
            if (special < 0) return;
            rest = rest[special..];
            string found = "";
            foreach (string one in vocabulary.Special.Keys)
                if (one.Length > found.Length && rest.StartsWith(one, StringComparison.Ordinal)) found = one;
            ids.Add(vocabulary.Special[found]);
            rest = rest[found.Length..];
        }
    }

    private void AddWords(ReadOnlySpan<char> text, List<int> ids)
    {
        string plain = vocabulary.Characters?.Normalize(text.ToString()) ?? text.ToString();
        var word = new StringBuilder();
        foreach (var sign in plain.EnumerateRunes().Append(new Rune(' ')))
        {
            if (!Rune.IsWhiteSpace(sign))
            {
                if (word.Length == 0) word.Append(WordStart);
                word.Append(sign.ToString());
            }
            else if (word.Length > 0)
            {
                Encode(word.ToString(), ids);
                word.Clear();
            }
        }
    }

    /// <summary>A word may hold <c>▁</c> of its own: it begins a word there, as transformers' Metaspace cuts it.</summary>
    private void Encode(string word, List<int> ids)
    {
        int start = word.Length > 1 && word[1] == WordStart ? 1 : 0; // one that the text brought is not put before it again
        for (int next; start < word.Length; start = next)
        {
            next = word.IndexOf(WordStart, start + 1) is > 0 and var found ? found : word.Length;
            model.Encode(word.AsSpan(start, next - start), ids);
        }
    }
}
