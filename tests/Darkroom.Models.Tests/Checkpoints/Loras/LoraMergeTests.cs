using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Networks;

namespace Darkroom.Models.Tests.Checkpoints.Loras;

/// <summary>Which layers of a model a LoRA's are.</summary>
public sealed class LoraMergeTests
{
    private const string Attention = "up_blocks.1.attentions.0.transformer_blocks.0.attn1.to_out.0", First = "down_blocks.0.resnets.0.conv1";

    [Theory]
    [InlineData("lora_unet_up_blocks_1_attentions_0_transformer_blocks_0_attn1_to_out_0", ".lora_up.weight", ".lora_down.weight")]
    [InlineData("lora_unet_output_blocks_2_1_transformer_blocks_0_attn1_to_out_0", ".lora_up.weight", ".lora_down.weight")]
    [InlineData("unet." + Attention, ".lora_B.weight", ".lora_A.weight")]
    [InlineData("unet." + Attention, ".lora.up.weight", ".lora.down.weight")]
    [InlineData("base_model.model." + Attention, ".lora_B.default.weight", ".lora_A.default.weight")]
    [InlineData("unet.up_blocks.1.attentions.0.transformer_blocks.0.attn1.processor.to_out", "_lora.up.weight", "_lora.down.weight")]
    [InlineData("diffusion_model.output_blocks.2.1.transformer_blocks.0.attn1.to_out.0", ".lora_B.weight", ".lora_A.weight")]
    public void Layer_of_a_unet_is_found_by_any_of_its_names(string layer, string up, string down)
    {
        using var bench = new MergeBench().Weight(First + ".weight", 2, 2, 3, 3).Weight(Attention + ".weight", 3, 2)
            .Lora(file => file.Add(layer + up, [3, 1], 1, 2, 3).Add(layer + down, [1, 2], 10, 20));
        var (before, after) = bench.Read(Attention + ".weight", prefixes: "lora_unet_");
        MergeBench.Close(before.Zip([10, 20, 20, 40, 30, 60], (value, delta) => (double)value + delta), after);
        Assert.Empty(bench.Merge("unet", "lora_unet_").Warnings);
    }

    [Theory]
    [InlineData("lora_te1_text_model_encoder_layers_0_self_attn_q_proj", ".lora_up.weight", ".lora_down.weight")]
    [InlineData("text_encoder.text_model.encoder.layers.0.self_attn.q_proj", ".lora_linear_layer.up.weight", ".lora_linear_layer.down.weight")]
    [InlineData("text_encoder.text_model.encoder.layers.0.self_attn.to_q", "_lora.up.weight", "_lora.down.weight")]
    [InlineData("text_encoder.encoder.layers.0.self_attn.q_proj", ".lora_B.weight", ".lora_A.weight")]
    public void Layer_of_a_text_encoder_is_found_by_any_of_its_names(string layer, string up, string down)
    {
        const string Query = "text_model.encoder.layers.0.self_attn.q_proj.weight";
        using var bench = new MergeBench().Weight(Query, 2, 2).Lora(file => file.Add(layer + up, [2, 1], 1, 2).Add(layer + down, [1, 2], 1, 1));
        var (before, after) = bench.Read(Query, "text_encoder", prefixes: "lora_te1_");
        MergeBench.Close(before.Zip([1, 1, 2, 2], (value, delta) => (double)value + delta), after);
    }

    [Fact]
    public void Fused_layers_of_flux_are_taken_apart()
    {
        const string Block = "single_transformer_blocks.0.", Layer = "lora_unet_single_blocks_0_linear1";
        string[] names = [Block + "attn.to_q", Block + "attn.to_k", Block + "attn.to_v", Block + "proj_mlp"];
        using var bench = new MergeBench().Weight(names[0] + ".weight", 1, 2).Weight(names[1] + ".weight", 1, 2).Weight(names[2] + ".weight", 1, 2)
            .Weight(names[3] + ".weight", 4, 2).Weight("norm_out.linear.weight", 2, 2)
            .Lora(file => file.Add(Layer + ".lora_up.weight", [7, 1], 1, 2, 3, 4, 5, 6, 7).Add(Layer + ".lora_down.weight", [1, 2], 1, 10)
                .Add("final_layer.adaLN_modulation.1.lora_B.weight", [2, 1], 1, 2).Add("final_layer.adaLN_modulation.1.lora_A.weight", [1, 2], 1, 1));
        Differs(names[1], [2, 20]);
        Differs(names[2], [3, 30]);
        Differs(names[3], [4, 40, 5, 50, 6, 60, 7, 70]);
        Differs("norm_out.linear", [2, 2, 1, 1]); // shift and scale the other way round

        void Differs(string name, double[] by)
        {
            var (before, after) = bench.Read(name + ".weight", "transformer", prefixes: "lora_unet_");
            MergeBench.Close(before.Zip(by, (value, delta) => value + delta), after);
        }
    }

    [Fact]
    public void Layers_that_match_nothing_are_counted()
    {
        using var bench = new MergeBench().Weight("a.weight", 2, 2).Lora(file =>
        {
            Add(file, "a", 2, 2);
            Add(file, "b", 2, 2);
            Add(file, "c", 2, 2);
            file.Add("something", [1], 1);
        });
        Assert.Equal(
            "lora 'lora0': 2 of its 3 layers match none of the model's and were left out, 'b' first; "
                + "1 of its tensors belong to no layer of a LoRA and were left out",
            Assert.Single(bench.Merge().Warnings));
    }

    [Fact]
    public void Lora_of_other_sizes_is_for_another_kind_of_model()
    {
        using var bench = new MergeBench().Weight("a.weight", 2, 2).Lora(file => Add(file, "a", 2, 3));
        var refused = Assert.Throws<GraphException>(() => bench.Merge());
        Assert.Equal(GraphFault.Misfit, refused.Fault);
        Assert.Equal("LoRA 'lora0' is for another kind of model: its layer 'a' is [2, 3] where the model's is [2, 2]", refused.Message);
    }

    [Fact]
    public void Lora_without_a_layer_of_the_model_is_for_another_kind_of_model()
    {
        using var bench = new MergeBench().Weight("a.weight", 2, 2).Lora(file => Add(file, "b", 2, 2));
        Assert.Equal("LoRA 'lora0' is for another kind of model: it has no layer that the model has: its first is 'b'",
            Assert.Throws<GraphException>(() => bench.Merge()).Message);
    }

    [Fact]
    public void Weight_of_nothing_changes_nothing()
    {
        using var bench = new MergeBench().Weight("a.weight", 2, 2).Lora(file => Add(file, "a", 2, 2), 0);
        Assert.False(bench.Merge().Changes("unet"));
    }

    private static readonly Dictionary<string, Action<WeightsFile>> Broken = new()
    {
        { "is no LoRA: none of its tensors has a name of one", file => file.Add("x", [1], 1) },
        { "has a layer 'a' that has no up (B) matrix", file => file.Add("a.lora_down.weight", [1, 2], 1, 1) },
        { "has a layer 'a' that is of matrices that cannot be multiplied: [2, 2] and [1, 2]",
            file => file.Add("a.lora_up.weight", [2, 2], 1, 1, 1, 1).Add("a.lora_down.weight", [1, 2], 1, 1) },
        { "has a layer 'a' that has more than one alpha",
            file => file.Add("a.lora_up.weight", [2, 1], 1, 1).Add("a.lora_down.weight", [1, 2], 1, 1).Add("a.alpha", [2], 1, 1) },
        { "has a layer 'a' that is of type U8 where floating point is needed",
            file => file.Add("a.lora_up.weight", "U8", [2, 1], [1, 1]).Add("a.lora_down.weight", [1, 2], 1, 1) },
        { "names the layer 'a' in two ways",
            file => file.Add("a.lora_up.weight", [2, 1], 1, 1).Add("a.lora_B.weight", [2, 1], 1, 1).Add("a.lora_down.weight", [1, 2], 1, 1) },
    };

    public static TheoryData<string> Reasons => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void What_is_wrong_with_a_file_is_said_in_a_sentence(string reason)
    {
        using var bench = new MergeBench().Weight("a.weight", 2, 2).Lora(Broken[reason]);
        Assert.Equal($"LoRA 'lora0' {reason}", Assert.Throws<GraphException>(() => bench.Merge()).Message);
    }

    private static void Add(WeightsFile file, string layer, int rows, int columns) => file
        .Add(layer + ".lora_up.weight", [rows, 1], MergeBench.Numbers(1, rows)).Add(layer + ".lora_down.weight", [1, columns], MergeBench.Numbers(2, columns));
}
