using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Networks;

namespace Darkroom.Models.Tests.Graphs;

/// <summary>Latents in other sizes, against ONNX Runtime's Resize as torch's exporter writes <c>interpolate</c>.</summary>
public sealed class LatentResizeTests
{
    [Theory]
    [InlineData(LatentFilter.Bilinear, false)]
    [InlineData(LatentFilter.Bilinear, true)]
    [InlineData(LatentFilter.Bicubic, false)]
    [InlineData(LatentFilter.Bicubic, true)]
    [InlineData(LatentFilter.Nearest, false)]
    [InlineData(LatentFilter.NearestExact, false)]
    public void Every_way_is_torch_s(LatentFilter filter, bool antialias)
    {
        foreach (var (height, width, toHeight, toWidth) in ((int, int, int, int)[])
            [(8, 8, 16, 16), (6, 10, 13, 17), (8, 12, 8, 18), (9, 7, 36, 28), (12, 8, 8, 6)])
        {
            var shape = new LatentShape(4, height, width);
            var latents = Feed.Normal(3, 1, 4, height, width);
            float[] ours = LatentResize.Run(latents.Values, shape, toHeight, toWidth, filter, antialias);
            var theirs = Resize(latents, toHeight, toWidth, filter, antialias);
            Assert.Equal([1, 4, toHeight, toWidth], theirs.Shape);
            double furthest = ours.Zip(theirs.Values, (a, b) => (double)Math.Abs(a - b)).Max();
            // Places among 17 cells are known to 1e-6 in single precision, and neighbours differ by up to 6.
            Assert.True(furthest <= 1e-5, $"{filter} {height}x{width} to {toHeight}x{toWidth}: {furthest}");
        }
    }

    [Fact]
    public void Same_size_is_the_same_latents()
    {
        var latents = Feed.Normal(4, 1, 4, 6, 8);
        foreach (var filter in Enum.GetValues<LatentFilter>())
            Assert.Equal(latents.Values, LatentResize.Run(latents.Values, new(4, 6, 8), 6, 8, filter));
    }

    private static Feed Resize(Feed latents, int height, int width, LatentFilter filter, bool antialias)
    {
        var writer = new GraphWriter(GraphTarget.Cpu);
        var picture = writer.FloatInput("x", 4, "batch", 4, "height", "width");
        var resized = writer.Add("Resize", 4, [picture, null, null, writer.Integers([1, 4, height, width])], node =>
        {
            (string mode, string coordinates) = filter switch
            {
                LatentFilter.Bilinear => ("linear", "half_pixel"),
                LatentFilter.Bicubic => ("cubic", "half_pixel"),
                LatentFilter.Nearest => ("nearest", "asymmetric"),
                _ => ("nearest", "half_pixel"),
            };
            node.Set("mode", mode).Set("coordinate_transformation_mode", coordinates);
            if (filter == LatentFilter.Nearest) node.Set("nearest_mode", "floor");
            if (filter == LatentFilter.NearestExact) node.Set("nearest_mode", "round_prefer_ceil");
            if (filter == LatentFilter.Bicubic) node.Set("cubic_coeff_a", antialias ? -0.5f : -0.75f);
            if (antialias) node.Set("antialias", 1).Set("exclude_outside", 1);
        });
        writer.FloatOutput("y", resized, "batch", 4, "height", "width");
        using var graph = OnnxGraph.Load(writer.Write("resize"), new SessionSettings());
        return Twins.Run(graph, new Dictionary<string, Feed> { ["x"] = latents })["y"];
    }
}
