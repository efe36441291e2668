using Darkroom.Models.Graphs;
using Darkroom.Models.Tests.Catalog;

namespace Darkroom.Models.Tests.Graphs;

public sealed class GraphOutlinesTests
{
    [Fact]
    public void Graph_that_did_not_change_is_walked_over_once()
    {
        using var folder = TestModel.Sd15();
        string path = folder.File("unet/model.onnx");
        var (first, bytes) = GraphOutlines.Read(path);
        Assert.Equal(new FileInfo(path).Length, bytes);
        Assert.Same(first, GraphOutlines.Read(path).Outline);

        File.SetLastWriteTimeUtc(path, new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.NotSame(first, GraphOutlines.Read(path).Outline);

        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..^1]);
        File.SetLastWriteTimeUtc(path, new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Throws<InvalidDataException>(() => GraphOutlines.Read(path));
    }
}
