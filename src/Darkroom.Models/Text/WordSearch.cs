using Darkroom.Diffusion.Attention;

namespace Darkroom.Models.Text;

/// <summary>Finds words among the tokens of a text: CLIP makes the same tokens of a word wherever it stands.</summary>
internal static class WordSearch
{
    /// <param name="tokenizer">What made the tokens.</param>
    /// <param name="text">All chunks of it.</param>
    /// <param name="words">Words, or phrases of several; weights are no part of a text's tokens, so they do not stand in between.</param>
    public static WordPlaces Find(ClipTokenizer tokenizer, TextTokens text, IReadOnlyList<string> words)
    {
        var content = new List<int>();
        var places = words.Select(_ => new List<int>()).ToArray();
        int[][] wanted = [.. words.Select(word => tokenizer.Encode(word).ToArray())];
        for (int chunk = 0; chunk < text.Chunks; chunk++)
        {
            int start = chunk * text.ChunkLength + 1;
            var ids = text.Ids.AsSpan(start, text.ChunkLength - 1);
            int end = ids.IndexOf(tokenizer.EndId);
            if (end >= 0) ids = ids[..end];
            for (int i = 0; i < ids.Length; i++) content.Add(start + i);
            for (int word = 0; word < wanted.Length; word++) AddAll(ids, start, wanted[word], places[word]);
        }
        return new(places, content);
    }

    /// <summary>Each as the text that it stands for.</summary>
    public static IReadOnlyList<string> TokensOf(ClipTokenizer tokenizer, string word) => [.. tokenizer.Encode(word).Select(id => tokenizer.Decode([id]))];

    private static void AddAll(ReadOnlySpan<int> ids, int start, ReadOnlySpan<int> word, List<int> places)
    {
        for (int at = 0; word.Length > 0 && at + word.Length <= ids.Length;)
        {
            if (!ids.Slice(at, word.Length).SequenceEqual(word))
            {
                at++;
                continue;
            }
            for (int i = 0; i < word.Length; i++) places.Add(start + at++);
        }
    }
}
