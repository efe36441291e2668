using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Tests.Tensors;

public sealed class LatentBlendTests
{
    [Fact]
    public void Mask_chooses_between_painted_and_kept_in_every_channel()
    {
        float[] latents = [1, 2, 3, 4, 5, 6], kept = [10, 20, 30, 40, 50, 60];
        LatentBlend.Apply(latents, kept, [1, 0, 0.5f], new LatentShape(2, 1, 3));
        Assert.Equal([1, 20, 16.5f, 4, 50, 33], latents);
    }

    [Fact]
    public void Long_planes_are_blended_to_the_last_cell()
    {
        const int width = 37;
        float[] mask = [.. Enumerable.Range(0, width).Select(i => i % 3 / 2f)], latents = [.. Enumerable.Repeat(2f, width)],
            kept = [.. Enumerable.Repeat(4f, width)];
        LatentBlend.Apply(latents, kept, mask, new LatentShape(1, 1, width));
        Assert.Equal(mask.Select(m => 4 - 2 * m), latents);
    }

    [Fact]
    public void Mask_of_another_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => LatentBlend.Apply(new float[6], new float[6], new float[6], new LatentShape(2, 1, 3)));
}
