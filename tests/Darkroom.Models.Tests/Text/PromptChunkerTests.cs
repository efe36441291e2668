using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Text;

public sealed class PromptChunkerTests : IDisposable
{
    private readonly TokenizerFolder folder = TokenizerFolder.Own("clip");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_chunk_has_the_length_of_the_tokenizer()
    {
        var tokenizer = ClipTokenizer.Load(folder.Path, maxLength: 32);
        var cut = new PromptChunker(tokenizer).Cut(string.Concat(Enumerable.Repeat("word ", 31)));
        Assert.Equal((2, 32), (cut.Chunks, cut.ChunkLength));
        Assert.Equal(30, cut.IdsOf(0).ToArray().Count(id => id == tokenizer.Encode("word")[0]));
    }

    [Fact]
    public void A_text_that_fits_and_has_no_weights_is_the_same_as_a_plain_one()
    {
        var tokenizer = ClipTokenizer.Load(folder.Path);
        int[] plain = new int[77];
        tokenizer.EncodePadded("a photo of a cat", plain);
        var cut = new PromptChunker(tokenizer).Cut("a photo of a (cat:1.0)");
        Assert.Equal(plain, cut.Ids);
        Assert.Null(cut.Weights);
    }

    [Fact]
    public void Brackets_within_brackets_multiply_to_a_number_that_can_be_used()
    {
        var chunker = new PromptChunker(ClipTokenizer.Load(folder.Path));
        foreach (string text in (string[])[new string('(', 2000) + "a" + new string(')', 2000), "(((a:-9999999999):9999999999999):9999999999999999)"])
        {
            float[] states = [1, 2, 3, 4], weights = [1, chunker.Cut(text).WeightsOf(0)[1]];
            Emphasis.Apply(states, weights);
            Assert.All(states, value => Assert.True(float.IsFinite(value)));
        }
    }

    [Fact]
    public void Shorter_texts_are_padded_with_empty_chunks()
    {
        var tokenizer = ClipTokenizer.Load(folder.Path);
        var chunker = new PromptChunker(tokenizer);
        var empty = chunker.Cut("");
        var padded = ChunkPadding.PadToSameLength([chunker.Cut("(a:1.5)"), chunker.Cut("a BREAK b BREAK c"), chunker.Cut("d")], empty);
        Assert.All(padded, text => Assert.Equal((3, 3 * 77), (text.Chunks, text.Ids.Length)));
        Assert.Equal(empty.Ids, padded[0].IdsOf(2).ToArray());
        Assert.Equal(1.5f, padded[0].WeightsOf(0)[1]);
        Assert.Equal(Enumerable.Repeat(1f, 77), padded[0].WeightsOf(2).ToArray());
        Assert.Null(padded[2].Weights);
    }

    [Fact]
    public void An_end_token_in_the_prompt_ends_it_where_padding_is_a_token_of_its_own()
    {
        var tokenizer = ClipTokenizer.Load(folder.With("tokenizer_config.json", """{ "pad_token": "!", "model_max_length": 77 }""").Path);
        var ids = new PromptChunker(tokenizer).Cut("a <|endoftext|> b").Ids;
        Assert.Equal([49406, 320, 49407, 0], ids[..4]);
        Assert.All(ids[3..], id => Assert.Equal(0, id));
    }

    [Fact]
    public void Random_prompts_are_cut_into_whole_chunks()
    {
        var chunker = new PromptChunker(ClipTokenizer.Load(folder.Path, maxLength: 10));
        string[] parts = ["(", ")", "[", "]", ":1.3)", ",", " a", " BREAK ", "\\", "😀", "\uD800", " word", "<|endoftext|>"];
        var random = new Random(5);
        for (int i = 0; i < 2000; i++)
        {
            var cut = chunker.Cut(string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => parts[random.Next(parts.Length)])));
            Assert.True(cut.Chunks >= 1);
            Assert.Equal(10, cut.ChunkLength);
            Assert.True(cut.Weights is null || cut.Weights.Length == cut.Ids.Length);
        }
    }

    [Fact]
    public void Chunks_are_encoded_apart_weighted_and_joined()
    {
        var weighted = new TextTokens([1, 2, 3, 4]) { Chunks = 2, Weights = [1, 1, 1, 3] };
        var plain = new TextTokens([5, 6]);
        var encoded = ChunkEncoding.Run([weighted, plain], chunks =>
        {
            Assert.Equal(3, chunks.Count);
            return [.. chunks.Select(chunk => new EncodedText([2, 1], [.. chunk.Ids.ToArray().Select(id => (float)id)]))];
        });
        Assert.Equal([4, 1], encoded[0].Shape);
        float scale = 7f / 15; // mean of 3 and 4 over that of 3 and 12
        Assert.Equal([1, 2, 3 * scale, 12 * scale], encoded[0].Values);
        Assert.Equal([2, 1], encoded[1].Shape);
        Assert.Equal([5, 6], encoded[1].Values);
    }

    [Fact]
    public void The_longest_prompts_are_encoded_in_bounded_calls()
    {
        int most = 0, calls = 0;
        var text = new TextTokens(new int[2 * 100]) { Chunks = 100 };
        var encoded = ChunkEncoding.Run([text], chunks =>
        {
            (most, calls) = (Math.Max(most, chunks.Count), calls + 1);
            return [.. chunks.Select(_ => new EncodedText([2, 1], new float[2]))];
        });
        Assert.Equal((ChunkEncoding.MaxChunks, 4), (most, calls));
        Assert.Equal([200, 1], encoded[0].Shape);
    }

    [Fact]
    public void A_cache_tells_weights_apart()
    {
        var cache = new ConditioningCache(1 << 20);
        var plain = new TextTokens([1, 2, 3]);
        var light = plain with { Weights = [1, 0.5f, 1] };
        var value = new Conditioning([]);
        cache.Add(new([light]), value);
        Assert.Null(cache.Find(new([plain])));
        Assert.Null(cache.Find(new([plain with { Weights = [1, 2, 1] }])));
        Assert.Null(cache.Find(new([light, plain])));
        Assert.Same(value, cache.Find(new([new TextTokens([1, 2, 3]) { Weights = [1, 0.5f, 1] }])));
    }
}
