using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Text;

public sealed class ClipTokenizerFaultTests
{
    private static string FaultOf(TokenizerFolder folder)
    {
        using (folder) return Assert.Throws<InvalidDataException>(() => ClipTokenizer.Load(folder.Path)).Message;
    }

    [Fact]
    public void A_missing_vocabulary_is_named() =>
        Assert.StartsWith("vocab.json: the file is missing", FaultOf(TokenizerFolder.Own("tiny_clip").Without("vocab.json")));

    [Fact]
    public void Missing_merges_are_named() => Assert.Equal("merges.txt: the file is missing", FaultOf(TokenizerFolder.Own("tiny_clip").Without("merges.txt")));

    [Fact]
    public void A_merge_of_three_tokens_is_named_by_line() =>
        Assert.Equal("merges.txt: line 2: expected two tokens with one blank between",
            FaultOf(TokenizerFolder.Own("tiny_clip").With("merges.txt", "#version: 0.2\na b c\n")));

    [Fact]
    public void A_merge_outside_the_vocabulary_is_named() =>
        Assert.Equal("merges.txt: merge 1 ('q' and 'zzz') names a token that the vocabulary lacks",
            FaultOf(TokenizerFolder.Own("tiny_clip").With("merges.txt", "#version: 0.2\nq zzz\n")));

    [Fact]
    public void An_id_that_is_no_number_is_named() =>
        Assert.StartsWith("vocab.json: the id of token 'a' is the text \"one\", expected a whole number from 0 on",
            FaultOf(TokenizerFolder.Own("tiny_clip").With("vocab.json", """{ "a": "one" }""")));

    [Fact]
    public void A_vocabulary_without_the_end_token_is_a_fault() =>
        Assert.Contains("vocab.json: the special token '<|endoftext|>' is missing",
            FaultOf(TokenizerFolder.Own("tiny_clip").With("vocab.json", """{ "<|startoftext|>": 0 }""").With("merges.txt", "#version: 0.2\n")));

    [Fact]
    public void A_padding_token_outside_the_vocabulary_is_a_fault() =>
        Assert.Equal("vocab.json: the special token '<pad>' is missing",
            FaultOf(TokenizerFolder.Own("tiny_clip").With("tokenizer_config.json", """{ "pad_token": "<pad>" }""")));

    [Fact]
    public void A_list_in_place_of_the_vocabulary_is_a_fault() =>
        Assert.StartsWith("vocab.json: expected a JSON object, found a list of 2", FaultOf(TokenizerFolder.Own("tiny_clip").With("vocab.json", "[1, 2]")));
}
