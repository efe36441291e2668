using System.Text.Json;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Text;

/// <summary>Chunks of CLIP's 75 tokens as A1111 cuts them: ids exactly, weights as float32.</summary>
[Trait("Category", "Conformance")]
public sealed class PromptChunkerConformance
{
    [Fact]
    public void Every_prompt_has_the_chunks_of_A1111()
    {
        if (!ConformancePack.Has("prompts", "chunks.json")) return;
        using var folder = TokenizerFolder.OfPack("clip");
        var tokenizer = ClipTokenizer.Load(folder.Path);
        using var second = TokenizerFolder.OfPack("clip").With("tokenizer_config.json", """{ "pad_token": "!", "model_max_length": 77 }""");
        var padsWithZero = ClipTokenizer.Load(second.Path);
        Assert.Equal(0, padsWithZero.PadId);
        var failed = new List<Exception>();
        int index = 0;
        foreach (var golden in ConformancePack.Json("prompts", "chunks.json").GetProperty("cases").EnumerateArray())
        {
            try
            {
                Check(golden, index++, tokenizer, padsWithZero);
            }
            catch (ConformanceException error)
            {
                failed.Add(error);
            }
        }
        if (failed.Count > 0) throw new AggregateException(failed);
    }

    private static void Check(JsonElement golden, int index, ClipTokenizer tokenizer, ClipTokenizer padsWithZero)
    {
        using var measure = new Measure("prompts/chunks", $"chunks-{index}");
        int backtrack = golden.GetProperty("comma_backtrack").GetInt32();
        var cut = new PromptChunker(tokenizer, backtrack).Cut(TextOf(golden));
        var padded = new PromptChunker(padsWithZero, backtrack).Cut(TextOf(golden));
        measure.Equal("chunks", golden.GetProperty("chunk_count").GetInt32(), cut.Chunks);
        measure.Equal("chunks of SD2", cut.Chunks, padded.Chunks);
        foreach (var (chunk, entry) in golden.GetProperty("chunks").EnumerateArray().Index())
        {
            int[] ids = [.. entry.EnumerateArray().Select(id => id.GetInt32())];
            measure.Equal($"ids {chunk}", string.Join(' ', ids), string.Join(' ', cut.IdsOf(chunk).ToArray()));
            int end = Array.IndexOf(ids, tokenizer.EndId);
            measure.Equal($"ids {chunk} of SD2", string.Join(' ', ids.Select((id, i) => i > end ? 0 : id)), string.Join(' ', padded.IdsOf(chunk).ToArray()));
        }
        foreach (var (chunk, entry) in golden.GetProperty("weights").EnumerateArray().Index())
        {
            float[] weights = entry.ValueKind == JsonValueKind.String
                ? [.. Enumerable.Repeat(1f, 77)]
                : [.. entry.EnumerateArray().Select(weight => (float)Measure.Number(weight))];
            float[] actual = cut.Weights is null ? [.. Enumerable.Repeat(1f, 77)] : [.. cut.WeightsOf(chunk)];
            measure.Close($"weights {chunk}", weights, actual, 0);
        }
    }

    private static string TextOf(JsonElement golden) => golden.TryGetProperty("text", out var text)
        ? text.GetString()!
        : string.Concat(Enumerable.Repeat(golden.GetProperty("repeat").GetString()!, golden.GetProperty("times").GetInt32()))
            + (golden.TryGetProperty("tail", out var tail) ? tail.GetString() : "");
}
