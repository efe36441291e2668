using System.Text.Json;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Text;

/// <summary>The ids that transformers' T5Tokenizer gives, exactly, from either of the files that its folders have.</summary>
[Trait("Category", "Conformance")]
public sealed class T5TokenizerConformance
{
    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("spiece.model")]
    public void Every_string_has_the_ids_of_transformers(string file)
    {
        if (!ConformancePack.Has("tokenizers", "t5_ids.json")) return;
        var golden = ConformancePack.Json("tokenizers", "t5_ids.json");
        string folder = Directory.CreateTempSubdirectory("darkroom-t5-").FullName;
        try
        {
            File.Copy(ConformancePack.PathOf("tokenizers", "t5", file), Path.Combine(folder, file));
            var tokenizer = T5Tokenizer.Load(folder);
            using var measure = new Measure("tokenizers/t5", file);
            measure.Equal("end", golden.GetProperty("eos").GetInt32(), tokenizer.EndId);
            measure.Equal("padding", golden.GetProperty("pad").GetInt32(), tokenizer.PadId);
            var cases = golden.GetProperty("cases").EnumerateArray().ToList();
            Assert.NotEmpty(cases);
            foreach (var item in cases)
            {
                string text = item.GetProperty("text").GetString()!;
                measure.Equal($"ids of '{text}'", Join(item.GetProperty("ids")), string.Join(' ', tokenizer.Encode(text).Append(tokenizer.EndId)));
            }
            int index = 0;
            foreach (var ids in golden.GetProperty("padded_32").EnumerateArray())
            {
                string text = cases[index++].GetProperty("text").GetString()!;
                measure.Equal($"padded '{text}'", Join(ids), string.Join(' ', tokenizer.Cut(text, 32, TextReading.Plain).Ids));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Join(JsonElement ids) => string.Join(' ', ids.EnumerateArray());
}
