using Darkroom.Models.Checkpoints;
using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Checkpoints;

/// <summary>One file in LDM's or SGM's names has the same tensors as diffusers' folder of the model.</summary>
public sealed class CheckpointNamesTests : IDisposable
{
    private readonly PackModels files = new();

    [Theory]
    [InlineData("sd15-tiny", "unet", "vae", "text_encoder")]
    [InlineData("sd21-tiny", "unet", "vae", "text_encoder")]
    [InlineData("sdxl-tiny", "unet", "vae", "text_encoder", "text_encoder_2")]
    [InlineData("lcm-tiny", "unet", "vae", "text_encoder")]
    [InlineData("ip2p-tiny", "unet", "vae", "text_encoder")]
    [InlineData("sd15-inpaint-tiny", "unet", "vae", "text_encoder")]
    [InlineData("sd3-tiny", "transformer", "vae", "text_encoder", "text_encoder_2", "text_encoder_3")]
    [InlineData("flux-tiny", "transformer", "vae", "text_encoder", "text_encoder_2")]
    public void Every_tensor_of_the_folder_is_found_in_the_file(string family, params string[] parts)
    {
        var faults = new FaultList();
        var file = ModelPlace.At(files.PathOf(family, PackModels.OneFile)!).Source;
        var folder = ModelPlace.At(files.PathOf(family, PackModels.Weights)!).Source;
        foreach (string part in parts)
        {
            var (here, there) = (file.Find(part, faults)!, folder.Find(part, faults)!);
            var names = there.Tensors.Where(tensor => tensor.Type.IsFloat()).Select(tensor => tensor.Name).ToArray();
            Assert.True(names.Length > 20);
            foreach (string name in names)
            {
                var (found, wanted) = (here.Weights.Find(name), there.Weights.Find(name)!);
                Assert.True(found is not null, $"{part}: {name} was not found");
                Assert.Equal(wanted.Count, found.Count);
                Assert.True(Values(found).SequenceEqual(wanted.ReadFloats()), $"{part}: {name} has other values as {found.Name}");
            }
        }
        Assert.Null(faults.ToString());
    }

    public void Dispose() => files.Dispose();

    private static float[] Values(StoredTensor tensor)
    {
        if (!tensor.Transposed) return tensor.ReadFloats();
        var stored = tensor.Transpose();
        var (values, columns) = (stored.ReadFloats(), (int)stored.Shape[1]);
        return [.. Enumerable.Range(0, values.Length).Select(i => values[i % (int)stored.Shape[0] * columns + i / (int)stored.Shape[0]])];
    }
}
