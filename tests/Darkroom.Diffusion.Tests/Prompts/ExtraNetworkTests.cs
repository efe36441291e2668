using Darkroom.Diffusion.Prompts;

namespace Darkroom.Diffusion.Tests.Prompts;

public sealed class ExtraNetworkTests
{
    [Fact]
    public void Tags_are_found_in_order() => Assert.Equal(
        [new("lora", "a b:0.8"), new("hypernet", "c"), new("lyco", "d:1:te=0.5")],
        ExtraNetwork.Find("x <lora:a b:0.8>, (y:1.2)<hypernet:c><lyco:d:1:te=0.5>"));

    [Theory]
    [InlineData("")]
    [InlineData("a < b > c")]
    [InlineData("<lora:>")]
    [InlineData("<lora:x")]
    [InlineData("<LORA:x>")]
    [InlineData("< lora:x>")]
    [InlineData("<loras:x>")]
    [InlineData("lora:x")]
    [InlineData("<lora")]
    public void What_is_no_tag_is_text(string text) => Assert.Empty(ExtraNetwork.Find(text));

    [Fact]
    public void A_tag_may_stand_behind_signs_of_its_own_kind() => Assert.Equal([new("lora", "x")], ExtraNetwork.Find("<<lora:x>>"));
}
