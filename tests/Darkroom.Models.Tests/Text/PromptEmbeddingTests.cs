using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Text;

/// <summary>Textual inversions among the tokens of a text.</summary>
public sealed class PromptEmbeddingTests : IDisposable
{
    private const int First = TokenVectors.FirstId;

    private readonly TokenizerFolder folder = TokenizerFolder.Own("clip");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Plain_text_takes_a_token_for_each_vector()
    {
        var tokenizer = ClipTokenizer.Load(folder.Path);
        var cut = tokenizer.Cut("a <three> and <one> <three>", Named(("one", 1), ("three", 3)));
        Assert.Equal(
            [49406, 320, First, First + 1, First + 2, .. tokenizer.Encode("and"), First + 3, First, First + 1, First + 2, 49407], cut.Ids[..11]);
        Assert.Equal([2f, 2f], cut.Vectors!.Of(First + 2).ToArray());
        Assert.Equal([0f, 0f], cut.Vectors.Of(First + 3).ToArray());
        Assert.Null(tokenizer.Cut("a cat", Named(("one", 1))).Vectors);
    }

    [Fact]
    public void Plain_text_is_cut_within_vectors_and_says_so()
    {
        var tokenizer = ClipTokenizer.Load(folder.Path, maxLength: 6);
        var cut = tokenizer.Cut("a a <three> b", Named(("three", 3)));
        Assert.Equal([49406, 320, 320, First, First + 1, 49407], cut.Ids);
        Assert.Equal("<three> b", cut.Dropped);
        Assert.Null(tokenizer.Cut("a a a a <three>", Named(("three", 3))).Vectors);
    }

    [Fact]
    public void Vectors_stay_together_at_the_end_of_a_chunk_and_have_their_weight()
    {
        var tokenizer = ClipTokenizer.Load(folder.Path, maxLength: 8); // six tokens a chunk
        var cut = new PromptChunker(tokenizer, commaBacktrack: 0).Cut("a a a a (three:1.5) b", Named(("three", 3)));
        Assert.Equal(2, cut.Chunks);
        Assert.Equal([49406, 320, 320, 320, 320, 49407, 49407, 49407], cut.IdsOf(0).ToArray());
        Assert.Equal([49406, First, First + 1, First + 2, .. tokenizer.Encode("b"), 49407, 49407, 49407], cut.IdsOf(1).ToArray());
        Assert.Equal([1, 1.5f, 1.5f, 1.5f, 1, 1, 1, 1], cut.WeightsOf(1).ToArray());
        Assert.Null(cut.VectorsOf(0));
        Assert.NotNull(cut.VectorsOf(1));
    }

    [Fact]
    public void Vectors_behind_the_last_comma_go_on_with_its_phrase()
    {
        var tokenizer = ClipTokenizer.Load(folder.Path, maxLength: 8);
        var cut = new PromptChunker(tokenizer).Cut("a a, three b", Named(("three", 3)));
        Assert.Equal([49406, 320, 320, tokenizer.CommaId!.Value, 49407, 49407, 49407, 49407], cut.IdsOf(0).ToArray());
        Assert.Equal([First, First + 1, First + 2, .. tokenizer.Encode("b")], cut.IdsOf(1).ToArray()[1..5]);
    }

    [Fact]
    public void Limited_text_names_what_it_drops()
    {
        var tokenizer = ClipTokenizer.Load(folder.Path, maxLength: 8);
        var chunker = new PromptChunker(tokenizer, commaBacktrack: 0);
        var limited = chunker.Limit(chunker.Cut("a a a a a three b", Named(("three", 3))), 1);
        Assert.Equal("<three> b", limited.Dropped);
        Assert.Null(limited.Vectors);
    }

    [Fact]
    public void Files_of_another_content_read_differently()
    {
        var tokenizer = ClipTokenizer.Load(folder.Path);
        var before = tokenizer.Cut("a <one>", Named(("one", 1)));
        Assert.True(before.ReadsAs(tokenizer.Cut("a <one>", Named(("one", 1)))));
        Assert.False(before.ReadsAs(tokenizer.Cut("a <one>", new PromptEmbeddings([Made("one", 1) with { Hash = "other" }], false))));
        Assert.False(before.ReadsAs(tokenizer.Cut("a <one>", new PromptEmbeddings([Made("one", 1)], true))));
        var cache = new ConditioningCache(1 << 20);
        cache.Add(new TokenizedText([before]), new Conditioning([]));
        Assert.NotNull(cache.Find(new TokenizedText([tokenizer.Cut("a <one>", Named(("one", 1)))])));
        Assert.Null(cache.Find(new TokenizedText([tokenizer.Cut("a <one>", new PromptEmbeddings([Made("one", 1) with { Hash = "other" }], false))])));
        // Texts without them are the same whatever could have been named.
        Assert.True(tokenizer.Cut("a cat").ReadsAs(tokenizer.Cut("a cat", Named(("one", 1)))));
    }

    [Fact]
    public void Each_encoder_has_vectors_of_its_own()
    {
        var both = new PromptEmbeddings([new(new("one", "one", null), "h", 1, [[1, 2], [3, 4, 5]])], false);
        var tokenizer = ClipTokenizer.Load(folder.Path);
        Assert.Equal([1f, 2f], tokenizer.Cut("one", both).Vectors!.Of(First).ToArray());
        Assert.Equal([3f, 4f, 5f], tokenizer.Cut("one", both, encoder: 1).Vectors!.Of(First).ToArray());
    }

    private static PromptEmbeddings Named(params (string Id, int Count)[] all) => new([.. all.Select(one => Made(one.Id, one.Count))], false);

    /// <summary>Vector i is [i, i].</summary>
    private static PromptEmbedding Made(string id, int count) =>
        new(new(id, id, null), id, count, [[.. Enumerable.Range(0, 2 * count).Select(i => (float)(i / 2))]]);
}
