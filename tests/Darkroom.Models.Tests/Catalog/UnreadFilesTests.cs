using Darkroom.Models.Inventory;

namespace Darkroom.Models.Tests.Catalog;

public sealed class UnreadFilesTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("darkroom").FullName;

    [Fact]
    public void Files_of_weights_that_nothing_reads_are_named_with_the_reason()
    {
        foreach (string file in (string[])
        [
            "loras/old.pt", "loras/deep/good.safetensors", "upscalers/x4.pth", "upscalers/x4.onnx", "upscalers/more/x2.onnx", "controlnets/lines/model.onnx",
            "controlnets/lines.onnx", "controlnets/edges.safetensors", "controlnets/listed.pth", "controlnets/folder/config.json",
            "controlnets/folder/diffusion_pytorch_model.bin",
            "large.gguf", "model.safetensors", "old.ckpt", "unet.onnx", "notes.txt", "good/model_index.json", "good/unet/model.onnx",
            "good/unet/pytorch_model.bin",
            "embeddings/old.pt", "embeddings/deep/good.safetensors",
        ]) Touch(file);
        var found = UnreadFiles.Under(root);
        Assert.Equal(
            [
                "controlnets/folder/diffusion_pytorch_model.bin", "controlnets/lines.onnx", "large.gguf", "loras/old.pt", "unet.onnx",
                "upscalers/more/x2.onnx", "upscalers/x4.pth",
            ],
            found.Select(file => file.Path));
        Assert.Contains("is a pickle", found[0].Reason);
        Assert.Contains("called controlnets/ID/model.onnx", found[1].Reason);
        Assert.Contains("GGUF", found[2].Reason);
        Assert.Contains("is a pickle", found[3].Reason);
        Assert.Contains("is in no model's folder", found[4].Reason);
        Assert.Contains("stands in upscalers itself", found[5].Reason);
    }

    [Fact]
    public void Path_that_does_not_exist_has_none() => Assert.Empty(UnreadFiles.Under(Path.Combine(root, "nowhere")));

    public void Dispose() => Directory.Delete(root, recursive: true);

    private void Touch(string file)
    {
        string path = Path.Combine(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "{}");
    }
}
