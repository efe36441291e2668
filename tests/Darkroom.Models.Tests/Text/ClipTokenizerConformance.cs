using System.Text.Json;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Text;

/// <summary>The ids that transformers gives, exactly.</summary>
[Trait("Category", "Conformance")]
public sealed class ClipTokenizerConformance
{
    [Theory]
    [InlineData("clip")]
    [InlineData("tiny_clip")]
    public void Every_string_has_the_ids_of_transformers(string name)
    {
        if (!ConformancePack.Has("tokenizers", name + "_ids.json")) return;
        var golden = ConformancePack.Json("tokenizers", name + "_ids.json");
        using var folder = TokenizerFolder.OfPack(name);
        var tokenizer = ClipTokenizer.Load(folder.Path);
        var failed = new List<Exception>();
        Case("specials", measure =>
        {
            measure.Equal("start", golden.GetProperty("bos").GetInt32(), tokenizer.StartId);
            measure.Equal("end", golden.GetProperty("eos").GetInt32(), tokenizer.EndId);
            measure.Equal("length", 77, tokenizer.TokenLength);
        });
        int index = 0;
        foreach (var item in golden.GetProperty("cases").EnumerateArray())
        {
            if (!item.TryGetProperty("ids", out var ids)) continue;
            string text = TextOf(item);
            Case($"ids-{index++}", measure =>
            {
                measure.Equal("ids", Join(ids), string.Join(' ', tokenizer.Encode(text)));
                int[] padded = new int[tokenizer.TokenLength];
                var count = tokenizer.EncodePadded(text, padded);
                bool cut = ids.GetArrayLength() > tokenizer.TokenLength - 2;
                measure.Equal("cut", cut, count.Cut);
                if (item.TryGetProperty("truncated_77", out var truncated)) measure.Equal("truncated_77", Join(truncated), string.Join(' ', padded));
            });
        }
        if (golden.TryGetProperty("padded_77", out var pairs))
        {
            using var second = TokenizerFolder.OfPack(name).With("tokenizer_config.json", """{ "pad_token": "!", "model_max_length": 77 }""");
            var padsWithZero = ClipTokenizer.Load(second.Path);
            index = 0;
            foreach (var item in pairs.EnumerateArray())
            {
                Case($"padded-{index++}", measure =>
                {
                    int[] ids = new int[77];
                    var count = tokenizer.EncodePadded(item.GetProperty("text").GetString()!, ids);
                    measure.Equal("sd1", Join(item.GetProperty("sd1_pad_eos")), string.Join(' ', ids));
                    measure.Equal("tokens", item.GetProperty("attention_mask_ones").GetInt32(), count.Tokens);
                    padsWithZero.EncodePadded(item.GetProperty("text").GetString()!, ids);
                    measure.Equal("sd2", Join(item.GetProperty("sd2_pad_zero")), string.Join(' ', ids));
                });
            }
        }
        if (failed.Count > 0) throw new AggregateException(failed);

        void Case(string caseName, Action<Measure> check)
        {
            try
            {
                using var measure = new Measure("tokenizers/" + name, caseName);
                check(measure);
            }
            catch (ConformanceException error)
            {
                failed.Add(error);
            }
        }
    }

    private static string TextOf(JsonElement item) => item.TryGetProperty("text", out var text)
        ? text.GetString()!
        : string.Concat(Enumerable.Repeat(item.GetProperty("repeat").GetString()!, item.GetProperty("times").GetInt32()));

    private static string Join(JsonElement ids) => string.Join(' ', ids.EnumerateArray());
}
