using Darkroom.Models.Graphs;
using Darkroom.Models.Pool;
using Darkroom.Models.Tests.Graphs;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Catalog;

public sealed class StoredPrecisionTests
{
    [Theory]
    [InlineData("sd15-tiny", "onnx", "fp32")]
    [InlineData("sd15-tiny", "single", "fp16")]
    [InlineData("sd15-tiny", "diffusers", "fp32")]
    [InlineData("flux-tiny", "diffusers", "fp16")]
    public void Parts_say_what_their_weights_are_stored_as(string family, string layout, string stored)
    {
        using var pack = new PackModels();
        var model = ModelFolder.Read(pack.PathOf(family, layout)!);
        Assert.Null(model.Fault);
        Assert.All(model.Parts, part => Assert.Equal(stored, part.StoredAs));
    }

    [Fact]
    public void Part_of_quantised_weights_says_so()
    {
        var model = ModelFolder.Read(Path.Combine(Repository.Root, "models", "starter"));
        Assert.Equal(["fp32", "int8"], model.Parts.Select(part => part.StoredAs).Distinct().Order());
    }

    [Fact]
    public void Sizes_that_a_stranger_wrote_do_not_overflow()
    {
        var packed = new WireMessage().Add(1, Varints(ulong.MaxValue, ulong.MaxValue)).Add(2, 10);
        using var graph = new HandMadeGraph().Input("x", HandMadeGraph.Float, 1).Output("x", HandMadeGraph.Float, 1);
        graph.Add(5, packed).Add(5, packed);
        using var stream = File.OpenRead(graph.Write());
        Assert.Equal(1L << 50, OnnxOutline.Read(stream).Weights[10]);
    }

    private static byte[] Varints(params ulong[] values)
    {
        var bytes = new List<byte>();
        foreach (ulong value in values)
        {
            ulong rest = value;
            for (; rest >= 0x80; rest >>= 7) bytes.Add((byte)(rest | 0x80));
            bytes.Add((byte)rest);
        }
        return [.. bytes];
    }
}
