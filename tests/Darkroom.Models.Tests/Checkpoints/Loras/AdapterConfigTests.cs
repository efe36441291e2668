using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Checkpoints.Loras;

/// <summary>PEFT's configuration in a LoRA's metadata, as diffusers writes it.</summary>
public sealed class AdapterConfigTests
{
    private const string Query = "down_blocks.0.attn1.to_q", Key = "down_blocks.0.attn1.to_k";

    [Theory]
    [InlineData("""{ "unet.r": 2, "unet.lora_alpha": 6 }""", 3, 3)]
    [InlineData("""{ "unet.r": 2, "unet.lora_alpha": 6, "unet.use_rslora": true }""", 4.24264069, 4.24264069)]
    [InlineData("""{ "unet.r": 8, "unet.lora_alpha": 6, "unet.rank_pattern": { "to_q": 2, "to_k": 2 }, "unet.alpha_pattern": { "to_k": 1 } }""", 3, 0.5)]
    [InlineData("""{ "unet.lora_alpha": 6, "unet.alpha_pattern": { "down_blocks.0.attn1.to_q": 8, "o_k": 1 } }""", 4, 3)] // patterns begin behind a dot
    [InlineData("""{ "unet.lora_alpha": 6, "unet.alpha_pattern": { "attn1\\.to_[qk]": 1 } }""", 0.5, 0.5)]
    [InlineData("""{ "r": 2, "lora_alpha": 1 }""", 0.5, 0.5)]
    [InlineData("""{ "text_encoder.lora_alpha": 8 }""", 1, 1)]
    [InlineData("""{ }""", 1, 1)]
    public void Alpha_of_a_layer_is_its_patterns_or_that_of_its_part(string config, double query, double key)
    {
        using var bench = Bench(config);
        Differs(Query, query);
        Differs(Key, key);

        void Differs(string layer, double scale)
        {
            var (before, after) = bench.Read(layer + ".weight");
            MergeBench.Close(before.Select(value => value + scale * 2), after); // rank 2, all ones
        }
    }

    [Fact]
    public void Configuration_of_a_file_without_parts_is_for_all_its_layers()
    {
        using var bench = Bench("""{ "lora_alpha": 1 }""", "");
        var (before, after) = bench.Read(Query + ".weight");
        MergeBench.Close(before.Select(value => (double)value + 1), after);
    }

    [Fact]
    public void Alpha_beside_a_layer_goes_before()
    {
        using var bench = Bench("""{ "unet.lora_alpha": 6 }""", more: file => file.Add("unet." + Query + ".alpha", [], 2));
        var (before, after) = bench.Read(Query + ".weight");
        MergeBench.Close(before.Select(value => (double)value + 2), after);
    }

    [Theory]
    [InlineData("[1]", "has a 'lora_adapter_metadata' that is no JSON object")]
    [InlineData("{", "has a 'lora_adapter_metadata' that is no JSON object")]
    [InlineData("""{ "unet.lora_alpha": "six" }""", "has an alpha in 'lora_adapter_metadata' that is no number")]
    [InlineData("""{ "unet.lora_alpha": 1, "unet.alpha_pattern": { "(": 1 } }""", "has a pattern in 'lora_adapter_metadata' that cannot be read: '('")]
    public void What_cannot_be_read_is_refused(string config, string reason)
    {
        using var bench = Bench(config);
        Assert.Equal($"LoRA 'lora0' {reason}", Assert.Throws<GraphException>(() => bench.Merge()).Message);
    }

    private static MergeBench Bench(string config, string part = "unet.", Action<Networks.WeightsFile>? more = null) =>
        new MergeBench().Weight(Query + ".weight", 2, 2).Weight(Key + ".weight", 2, 2).Lora(file =>
        {
            foreach (string layer in (string[])[Query, Key])
                file.Add($"{part}{layer}.lora_A.weight", [2, 2], 1, 1, 1, 1).Add($"{part}{layer}.lora_B.weight", [2, 2], 1, 1, 1, 1);
            file.Metadata("lora_adapter_metadata", config);
            more?.Invoke(file);
        });
}
