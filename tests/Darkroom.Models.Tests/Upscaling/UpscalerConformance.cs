using Darkroom.Imaging;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Upscaling;

/// <summary>The pack's small networks as torch ran them: raw answers within 1e-4, files within one level.</summary>
[Trait("Category", "Conformance")]
public sealed class UpscalerConformance
{
    private const string Ending = "-in.png";

    [Fact]
    public void Every_picture_of_the_pack_comes_out_as_torch_has_it()
    {
        if (!ConformancePack.Has("pipelines", "upscalers")) return;
        var failed = new List<Exception>();
        foreach (string model in Files(".onnx"))
        {
            using var upscaler = Upscaler.Load(
                ConformancePack.PathOf("pipelines", "upscalers", model + ".onnx"), new UpscalerDescription { Id = model, Title = model },
                new SessionSettings());
            // A case is named after its model; of two that fit, the longer name is meant.
            foreach (string name in Files(Ending)
                .Where(name => Files(".onnx").Where(other => name.StartsWith(other + "-", StringComparison.Ordinal)).MaxBy(other => other.Length) == model))
            {
                try
                {
                    using var measure = new Measure("pipelines/upscalers", name);
                    Compare(upscaler, name, measure);
                }
                catch (Exception e)
                {
                    failed.Add(e);
                }
            }
        }
        if (failed.Count > 0) throw new AggregateException(failed);
    }

    private static void Compare(Upscaler upscaler, string name, Measure measure)
    {
        var picture = Picture(name + Ending);
        if (ConformancePack.Has("pipelines", "upscalers", name + ".safetensors"))
        {
            var golden = ConformancePack.Tensors("pipelines", "upscalers", name + ".safetensors");
            var (given, expected) = (golden["input"], golden["output"]);
            int scale = upscaler.Traits.Scale;
            measure.Equal("scale", expected.Shape[3], given.Shape[3] * scale);
            float[] answer = new float[given.Values.Length * scale * scale];
            int rows = given.Shape[0], size = given.Values.Length / rows;
            upscaler.RunTiles(given.Shape[3], given.Shape[2], [.. Enumerable.Range(0, rows).Select(row =>
                new TileBuffers(given.Values.AsMemory(row * size, size), answer.AsMemory(row * size * scale * scale, size * scale * scale)))]);
            measure.Close("output", expected.Values, answer, 1e-4);
            if (rows == 1)
            {
                float[] read = new float[size];
                Imaging.Tiles.TileReader.Read(picture, picture.Bounds, read);
                measure.Close("input", given.Values, read, 1e-6, counts: false);
            }
        }
        var file = Picture(name + "-out.png");
        // As large as it is, the picture is one tile.
        var ours = UpscaleAlone.Run(upscaler, picture, upscaler.Traits.Scale, new UpscaleTiling(4096, 0));
        measure.Equal("file's size", (file.Width, file.Height, file.Channels), (ours.Width, ours.Height, ours.Channels));
        measure.Equal("levels beyond one", 0, file.Pixels.Zip(ours.Pixels).Count(pair => Math.Abs(pair.First - pair.Second) > 1));
    }

    private static Picture Picture(string file) => PictureDecoder.Decode(File.ReadAllBytes(ConformancePack.PathOf("pipelines", "upscalers", file)));

    private static IReadOnlyList<string> Files(string ending) =>
        [.. Directory.EnumerateFiles(Path.Combine(ConformancePack.Root, "pipelines", "upscalers"), "*" + ending)
            .Select(file => Path.GetFileName(file)[..^ending.Length]).Order(StringComparer.Ordinal)];
}
