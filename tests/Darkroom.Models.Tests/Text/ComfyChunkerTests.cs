using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Text;

public sealed class ComfyChunkerTests : IDisposable
{
    private readonly TokenizerFolder folder = TokenizerFolder.Own("clip");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Text_that_fits_and_has_no_weights_is_the_same_as_a_plain_one()
    {
        var tokenizer = ClipTokenizer.Load(folder.Path);
        int[] plain = new int[77];
        tokenizer.EncodePadded("a photo of a cat", plain);
        var cut = new ComfyChunker(tokenizer).Cut("a photo of a cat");
        Assert.Equal(plain, cut.Ids);
        Assert.Equal((null, null, 1), (cut.Weights, cut.Neutral, cut.Encoded));
    }

    [Fact]
    public void Short_piece_begins_the_next_chunk_and_a_long_one_is_torn()
    {
        var tokenizer = ClipTokenizer.Load(folder.Path, maxLength: 12); // room for 10
        var chunker = new ComfyChunker(tokenizer);
        var (a, b) = (tokenizer.Encode("cat")[0], tokenizer.Encode("dog")[0]);
        var cut = chunker.Cut("cat cat cat cat cat cat cat cat (dog dog dog:1.5)"); // 8, then 3
        Assert.Equal((2, 12, 3), (cut.Chunks, cut.ChunkLength, cut.Encoded));
        Assert.Equal([tokenizer.StartId, a, a, a, a, a, a, a, a, tokenizer.EndId, tokenizer.PadId, tokenizer.PadId], cut.IdsOf(0).ToArray());
        Assert.Equal([b, b, b], cut.IdsOf(1).ToArray()[1..4]);
        Assert.Equal([1, 1.5f, 1.5f, 1.5f, 1], cut.WeightsOf(1).ToArray()[..5]);
        Assert.Equal([tokenizer.StartId, tokenizer.EndId], cut.IdsOf(2).ToArray()[..2]); // the empty one that weights turn away from

        var torn = chunker.Cut("cat (dog dog dog dog dog dog dog dog dog dog dog:2)"); // 1, then 11
        Assert.Equal(9, torn.IdsOf(0).ToArray().Count(id => id == b));
        Assert.Equal(2, torn.IdsOf(1).ToArray().Count(id => id == b));
    }

    [Fact]
    public void Weights_turn_away_from_the_empty_text_when_both_are_encoded()
    {
        var text = new TextTokens([1, 2, 3, 4]) { Chunks = 2, Weights = [1, 3, 1, 0.5f], Neutral = [8, 9] };
        var join = new TextJoin(text);
        join.Add(2, new([2, 1], [10, 20]));
        join.Add(1, new([2, 1], [5, 6]));
        Assert.False(join.IsComplete);
        join.Add(0, new([2, 1], [7, 8]) { Pooled = [1] });
        Assert.Equal([7, 20 + 3 * (8 - 20), 5, 20 + 0.5f * (6 - 20)], join.Result.Values!);
        Assert.Equal([1f], join.Result.Pooled!);
    }
}
