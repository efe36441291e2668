using Darkroom.Diffusion.Noise;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Families;

/// <summary>A picture is decoded and encoded to the same bits, whatever else is in the call.</summary>
public sealed class PicturesAloneTests
{
    private const int Together = 3;

    [Theory]
    [InlineData("sd15-tiny", "onnx", 96, 64)]
    [InlineData("sd15-tiny", "diffusers", 96, 64)]
    [InlineData("sdxl-tiny", "diffusers", 64, 96)]
    [InlineData("sd3-tiny", "onnx", 96, 64)]
    [InlineData("sd3-tiny", "diffusers", 96, 64)]
    [InlineData("flux-tiny", "diffusers", 64, 64)]
    public async Task Company_changes_no_bit(string name, string layout, int width, int height)
    {
        string folder = ConformancePack.PathOf("pipelines", name, layout);
        var description = ModelFolder.Read(folder);
        using var model = await ModelFamilies.Create(0).First(family => family.Name == description.Family)
            .LoadAsync(folder, description, name, new DeviceMemory(new DeviceSpec { Threads = 2 }));
        var shape = model.Description.LatentsOf(width, height);
        var latents = Drawn(shape.Length);
        using (await model.Decoder.HoldAsync(CancellationToken.None))
        {
            var company = model.Decoder.Decode(shape, latents, RunWidth.Wide);
            for (int i = 0; i < Together; i++) Assert.Equal(model.Decoder.Decode(shape, [latents[i]], RunWidth.Wide)[0].Values, company[i].Values);
        }
        var pictures = Drawn(3 * width * height);
        using (await model.Encoder!.HoldAsync(CancellationToken.None))
        {
            var company = model.Encoder.Encode(width, height, pictures, RunWidth.Wide);
            for (int i = 0; i < Together; i++)
                Assert.Equal(model.Encoder.Encode(width, height, [pictures[i]], RunWidth.Wide)[0].Values.ToArray(), company[i].Values.ToArray());
        }
    }

    private static ReadOnlyMemory<float>[] Drawn(int count)
    {
        var noise = new TorchCpuGenerator(5);
        return [.. Enumerable.Range(0, Together).Select(_ =>
        {
            float[] values = new float[count];
            noise.Normal(values);
            return new ReadOnlyMemory<float>(values);
        })];
    }
}
