using Darkroom.Models.Catalog;
using Darkroom.Models.Loras;
using Darkroom.Models.Tests.Networks;

namespace Darkroom.Models.Tests.Loras;

/// <summary>What a LoRA's header tells of the models that it is for.</summary>
public sealed class LoraFitTests
{
    [Theory]
    [InlineData("lora_unet_joint_blocks_0_x_block_attn_qkv", "stable-diffusion-3")]
    [InlineData("diffusion_model.joint_blocks.0.context_block.mlp.fc1", "stable-diffusion-3")]
    [InlineData("lora_unet_single_blocks_3_linear1", "flux")]
    [InlineData("transformer.single_transformer_blocks.0.attn.to_q", "flux")]
    [InlineData("transformer.transformer_blocks.0.attn.to_q", null)] // of either
    public void Transformers_are_told_by_the_names_of_their_layers(string layer, string? family)
    {
        using var file = new WeightsFile().Add(layer + ".lora_A.weight", [1, 4], new float[4]).Add(layer + ".lora_B.weight", [4, 1], new float[4]);
        file.Read();
        var lora = LoraOutline.Of("detail", new FileInfo(file.Path));
        Assert.Equal((null, family), (lora.Fault, lora.Base));
        foreach (string other in (string[])["flux", "stable-diffusion-3", "stable-diffusion-xl"])
        {
            var model = new ModelDescription { Id = "photo", Title = "Photo", Family = other };
            Assert.Equal(family is null || family == other ? null : $"it is for {family}, and model 'photo' is {other}", LoraFit.Misfit(lora, model));
        }
    }

    [Fact]
    public void Lora_of_another_family_is_not_for_a_transformer()
    {
        var lora = new LoraDescription { Id = "detail", Title = "Detail", Base = "stable-diffusion-xl", TextWidth = 2048 };
        Assert.Equal("it is for stable-diffusion-xl, and model 'photo' is stable-diffusion-3",
            LoraFit.Misfit(lora, new ModelDescription { Id = "photo", Title = "Photo", Family = "stable-diffusion-3", TextWidth = 4096 }));
    }
}
