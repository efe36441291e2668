using Darkroom.Models.ControlNets;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;

namespace Darkroom.Models.Tests.ControlNets;

public sealed class ControlNetCatalogTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("darkroom-controlnets-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Folder_is_a_ControlNet_by_its_name()
    {
        TestModel.Copy(TestModel.SourceOf("controlnet-sd15-tiny", "onnx/controlnet"), FolderOf("edges"));
        var found = Assert.Single(new ControlNetCatalog(root).All);
        Assert.Equal(("edges", 32, null), (found.Id, found.TextWidth, found.Fault));
        Assert.Equal(new FileInfo(Path.Combine(FolderOf("edges"), "model.onnx")).Length, found.Bytes);
    }

    [Fact]
    public void Models_path_without_the_folder_has_none() => Assert.Empty(new ControlNetCatalog(root).All);

    [Fact]
    public void Folder_without_a_graph_is_listed_with_the_reason()
    {
        Directory.CreateDirectory(FolderOf("empty"));
        Assert.Equal("empty/model.onnx: the file is missing", new ControlNetCatalog(root).Find("empty")!.Fault);
    }

    [Fact]
    public async Task Graph_of_another_kind_is_listed_with_the_reason()
    {
        TestModel.Copy(TestModel.SourceOf("sd15-tiny", "onnx/unet"), FolderOf("unet"));
        var catalog = new ControlNetCatalog(root);
        Assert.Equal("unet/model.onnx: has no input controlnet_cond, which every ControlNet has", catalog.Find("unet")!.Fault);
        using var pool = new ControlNetPool(catalog, new SessionSettings { Threads = 1 });
        Assert.Contains("controlnet_cond", (await Assert.ThrowsAsync<GraphException>(() => pool.Use("unet", 0).Loaded)).Message, StringComparison.Ordinal);
        Assert.Equal("there is no ControlNet 'other'", (await Assert.ThrowsAsync<GraphException>(() => pool.Use("other", 0).Loaded)).Message);
    }

    [Fact]
    public async Task Part_is_one_for_all_who_ask()
    {
        TestModel.Copy(TestModel.SourceOf("controlnet-sd15-tiny", "onnx/controlnet"), FolderOf("edges"));
        using var pool = new ControlNetPool(new ControlNetCatalog(root), new SessionSettings { Threads = 1 });
        using PoolUse<ControlNetPart> one = pool.Use("edges", 0), other = pool.Use("edges", 0);
        Assert.Same(await one.Loaded, await other.Loaded);
    }

    private string FolderOf(string id) => Path.Combine(root, ControlNetCatalog.FolderName, id);
}
