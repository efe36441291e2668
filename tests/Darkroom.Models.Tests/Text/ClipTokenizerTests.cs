using System.Diagnostics;
using System.Globalization;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Text;

public sealed class ClipTokenizerTests : IDisposable
{
    private readonly TokenizerFolder folder = TokenizerFolder.Own("clip");
    private readonly ClipTokenizer clip;

    public ClipTokenizerTests() => clip = ClipTokenizer.Load(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Start_end_and_padding_surround_the_text()
    {
        int[] ids = new int[77];
        Assert.Equal(new TokenCount(4, false), clip.EncodePadded("a fox", ids));
        Assert.Equal([49406, 320, 3240, 49407, 49407], ids[..5]);
        Assert.All(ids[4..], id => Assert.Equal(49407, id));
    }

    [Fact]
    public void A_cut_keeps_the_end_token_and_names_what_was_dropped()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 75)) + "Purple Elephants";
        int[] ids = new int[77];
        Assert.Equal(new TokenCount(77, true), clip.EncodePadded(text, ids));
        Assert.Equal(clip.EndId, ids[^1]);
        Assert.Equal("purple elephants", clip.Dropped(text));
        Assert.Equal("", clip.Dropped("a fox"));
    }

    [Fact]
    public void Seventy_five_tokens_fit_and_are_not_called_cut() =>
        Assert.Equal(new TokenCount(77, false), clip.EncodePadded(string.Concat(Enumerable.Repeat("ab ", 75)), new int[77]));

    [Fact]
    public void A_special_token_written_in_a_prompt_is_that_token_as_in_the_library()
    {
        Assert.Equal([320, 49407, 3240], clip.Encode("a <|endoftext|> fox"));
        Assert.Equal([320, 49407, 49406, 3240], clip.Encode("a<|endoftext|><|startoftext|>fox"));
        Assert.DoesNotContain(49407, clip.Encode("<|ENDOFTEXT|> <| endoftext |>"));
    }

    [Fact]
    public void A_lone_surrogate_reads_as_the_replacement_sign()
    {
        // Not theory data: the compiler writes attributes as UTF-8, where halves cannot stand.
        Assert.Equal(clip.Encode("a\ufffdb"), clip.Encode("a\ud800b"));
        Assert.Equal(clip.Encode("a\ufffdb"), clip.Encode("a\udc00b"));
        Assert.Equal(clip.Encode("a\ufffd"), clip.Encode("a\ud800"));
    }

    [Fact]
    public void Two_halves_in_the_wrong_order_are_two_replacement_signs() => Assert.Equal(clip.Encode("\ufffd\ufffd"), clip.Encode("\udc00\ud800"));

    [Fact]
    public void Decoding_gives_the_text_back_in_lower_case() =>
        Assert.Equal("a café , 猫 & 😀 !", clip.Decode(clip.Encode("A Café,  猫 & 😀 !")));

    [Fact]
    public void Decoding_half_a_sign_gives_a_replacement_sign_and_a_foreign_id_is_refused()
    {
        var ids = clip.Encode("漢");
        Assert.True(ids.Count > 1);
        Assert.Equal("\ufffd", clip.Decode(ids.Take(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => clip.Decode([1 << 19]));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("é")]
    [InlineData("!")]
    [InlineData("1")]
    [InlineData("word ")]
    [InlineData("\u0301")]
    [InlineData("<|endoftext|>")]
    [InlineData("<|")]
    [InlineData("'s")]
    public void A_megabyte_of_anything_is_encoded_in_linear_time(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
        clip.Encode(text[..1000]);
        double before = ThreadMilliseconds();
        clip.Encode(text);
        double took = ThreadMilliseconds() - before;
        TestContext.Current.SendDiagnosticMessage("{0}: {1:F0} ms", unit, took);
        Assert.True(took < 1000, $"took {took:F0} ms");
    }

    /// <summary>Time that this thread computed, where the system tells: other tests run beside this one.</summary>
    private static double ThreadMilliseconds() => File.Exists("/proc/thread-self/schedstat")
        ? double.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e6
        : Stopwatch.GetTimestamp() * 1e3 / Stopwatch.Frequency;

    [Fact]
    public void A_long_word_is_merged_as_its_definition_says()
    {
        // 300 letters against the plain rule: merge the lowest rank, leftmost first, one at a time.
        var merges = File.ReadLines(Path.Combine(folder.Path, "merges.txt")).Skip(1).Where(line => line != "").Select((line, rank) => (line, rank))
            .ToDictionary(p => p.line, p => p.rank);
        string word = string.Concat(Enumerable.Range(0, 300).Select(i => (char)('a' + i * i % 7 * (i % 3 + 1) % 26)));
        List<string> parts = [.. word[..^1].Select(letter => letter.ToString()), word[^1] + "</w>"];
        while (true)
        {
            int best = -1;
            for (int i = 0; i + 1 < parts.Count; i++)
                if (merges.TryGetValue($"{parts[i]} {parts[i + 1]}", out int rank) && (best < 0 || rank < merges[$"{parts[best]} {parts[best + 1]}"]))
                    best = i;
            if (best < 0) break;
            parts[best] += parts[best + 1];
            parts.RemoveAt(best + 1);
        }
        Assert.Equal(parts.Select(part => part.Replace("</w>", "")), clip.Encode(word).Select(id => clip.Decode([id])));
    }

    [Fact]
    public async Task Many_threads_get_the_same_ids()
    {
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => $"a photo of thing{i * 7919} number {i}, ’curly’ café{i}")];
        var fresh = ClipTokenizer.Load(folder.Path);
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => texts.Select(text => string.Join(' ', fresh.Encode(text))).ToArray())));
        Assert.All(runs, run => Assert.Equal(texts.Select(text => string.Join(' ', clip.Encode(text))), run));
    }

    [Fact]
    public void The_starter_has_its_own_vocabulary_and_length()
    {
        var tokenizer = ClipTokenizer.Load(Path.Combine(Repository.Root, "models", "starter", "tokenizer"));
        Assert.Equal((32, 2501, 2502, 2502, 2503), (tokenizer.TokenLength, tokenizer.StartId, tokenizer.EndId, tokenizer.PadId, tokenizer.VocabularySize));
        Assert.Equal(20, ClipTokenizer.Load(Path.Combine(Repository.Root, "models", "starter", "tokenizer"), 20).TokenLength);
    }

    [Fact]
    public void A_pad_token_of_its_own_is_special_in_the_prompt_too()
    {
        // As in the library: "!" of a Stable Diffusion 2 prompt is id 0, the padding, and not id 256, the word "!".
        using var second = TokenizerFolder.Own("clip").With("special_tokens_map.json", """{ "pad_token": { "content": "!", "lstrip": false } }""");
        Assert.Equal([3240, 0], ClipTokenizer.Load(second.Path).Encode("fox!"));
        Assert.Equal([3240, 256], clip.Encode("fox!"));
    }

    [Fact]
    public void The_special_tokens_map_overrides_old_configurations_and_yields_to_new_ones()
    {
        using var old = TokenizerFolder.Own("clip").With("tokenizer_config.json", """{ "pad_token": "<|endoftext|>" }""")
            .With("special_tokens_map.json", """{ "pad_token": "!" }""");
        Assert.Equal(0, ClipTokenizer.Load(old.Path).PadId);
        using var modern = TokenizerFolder.Own("clip").With("special_tokens_map.json", """{ "pad_token": "!" }""")
            .With("tokenizer_config.json", """{ "pad_token": "<|endoftext|>", "added_tokens_decoder": { "49407": { "content": "<|endoftext|>" } } }""");
        Assert.Equal(49407, ClipTokenizer.Load(modern.Path).PadId);
    }

    [Fact]
    public void No_limit_in_the_configuration_means_the_text_encoders_positions()
    {
        using var endless = TokenizerFolder.Own("clip").With("tokenizer_config.json", """{ "model_max_length": 1000000000000000019884624838656 }""");
        Assert.Equal(77, ClipTokenizer.Load(endless.Path).TokenLength);
        Assert.Equal(64, ClipTokenizer.Load(endless.Path, 64).TokenLength);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_with_tokenizer_json_alone_gives_the_same_ids(bool pairs)
    {
        var merges = File.ReadLines(Path.Combine(folder.Path, "merges.txt")).Skip(1).Where(line => line != "");
        string list = System.Text.Json.JsonSerializer.Serialize(pairs ? merges.Select(line => (object)line.Split(' ')) : merges);
        string whole = $$"""{ "model": { "type": "BPE", "vocab": {{File.ReadAllText(Path.Combine(folder.Path, "vocab.json"))}}, "merges": {{list}} } }""";
        using var other = new TokenizerFolder().With("tokenizer.json", whole);
        Assert.Equal(clip.Encode("An astronaut's 2 horses, café 😀"), ClipTokenizer.Load(other.Path).Encode("An astronaut's 2 horses, café 😀"));
    }
}
