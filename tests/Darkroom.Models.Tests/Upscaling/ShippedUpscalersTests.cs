using System.Runtime.InteropServices;
using System.Text.Json;
using Darkroom.Imaging;
using Darkroom.Imaging.Tiles;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Upscaling;

/// <summary>The upscalers that ship: the numbers they were delivered with, and tiles against the whole.</summary>
public sealed class ShippedUpscalersTests(ITestOutputHelper output)
{
    private static readonly UpscalerCatalog Catalog = new(UpscalersFolder.Shipped);

    public static IEnumerable<TheoryDataRow<string>> Ids() => Catalog.All.Select(one => new TheoryDataRow<string>(one.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    [Trait("Category", "Conformance")]
    public void Delivered_numbers_come_out(string id)
    {
        using var upscaler = Load(id);
        var cases = ConformancePack.Json("upscalers", "goldens.json").GetProperty("cases").EnumerateArray()
            .Where(one => one.GetProperty("model").GetString() == id + ".onnx").ToList();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
        {
            using var measure = new Measure("upscalers", $"{id} {one.GetProperty("input").GetString()}");
            Compare(upscaler, one, measure);
        }
    }

    /// <summary>The network reaches 18 pixels, the overlap is 20: nothing that a tile says depends on where it was cut.</summary>
    [Theory]
    [InlineData("realesr-animevideov3-x4")]
    [InlineData("realesr-animevideov3-x2")]
    public void Tiles_of_the_small_networks_equal_the_whole(string id)
    {
        using var upscaler = Load(id);
        var picture = Apple(2);
        var tiling = new UpscaleTiling(48, upscaler.Description.Overlap);
        float[] whole = Whole(upscaler, picture);
        var run = new UpscaleRun(upscaler.Traits, picture, upscaler.Traits.Scale, tiling);
        int width = picture.Width * upscaler.Traits.Scale, height = picture.Height * upscaler.Traits.Scale;
        Assert.Equal(9, run.TileCount);
        float worst = 0;
        foreach (var tile in run.Wanted.ToList())
        {
            float[] answer = Answer(upscaler, run, tile);
            for (int channel = 0; channel < 3; channel++)
                for (int y = tile.Output.Y; y < tile.Output.Bottom; y++)
                    for (int x = tile.Output.X; x < tile.Output.Right; x++)
                    {
                        int scale = upscaler.Traits.Scale, tileWidth = tile.Input.Width * scale;
                        float own = answer[(channel * tile.Input.Height * scale + y - tile.Input.Y * scale) * tileWidth + x - tile.Input.X * scale];
                        worst = Math.Max(worst, Math.Abs(own - whole[(channel * height + y) * width + x]));
                    }
            Assert.True(worst <= 1e-4, $"tile {tile.Index}: {worst:E2}");
            run.Accept(tile, answer);
        }
        var differences = Differences(Bytes(whole, width, height), run.Result());
        output.WriteLine($"{id}: largest difference {worst:E2}, in levels {differences.Max()}");
        Assert.Equal(0, differences.Count(level => level > 1));
    }

    /// <summary>The deep networks reach further than any overlap: texture may differ, and no line may show where tiles meet.</summary>
    [Fact]
    public void Tiles_of_a_deep_network_differ_little_and_show_no_seam()
    {
        using var upscaler = Load("realesrgan-x4plus-anime");
        var picture = Apple(2).Crop(new PixelRect(16, 24, 96, 64));
        var whole = Bytes(Whole(upscaler, picture), 384, 256);
        var tiled = UpscaleAlone.Run(upscaler, picture, 4, new UpscaleTiling(48, upscaler.Description.Overlap));
        var differences = Differences(whole, tiled);
        Assert.True(differences.Average() < 1, $"mean {differences.Average():F3} levels");
        double jump = JumpAcross(tiled, 192) - JumpAcross(whole, 192);
        int nearSeam = Enumerable.Range(0, tiled.Height).Max(y => Enumerable.Range(3 * (192 - 64), 3 * 128).Max(at => differences[y * tiled.Stride + at]));
        output.WriteLine($"mean {differences.Average():F3}, largest {differences.Max()}, largest within the fade {nearSeam}, extra jump across the seam " +
            $"{jump:F3} levels");
        Assert.True(jump < 1, $"{jump:F2} levels more across the seam than without it");
        // The measure must be able to see a seam: without overlap there is one.
        var cut = UpscaleAlone.Run(upscaler, picture, 4, new UpscaleTiling(48, 0));
        double seam = JumpAcross(cut, 192) - JumpAcross(whole, 192);
        output.WriteLine($"without overlap: extra jump {seam:F3} levels");
        Assert.True(seam > 1, $"{seam:F2} levels");
    }

    /// <summary>Mean difference of the pixels left and right of a column's left edge.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Tiles_of_several_have_the_bits_that_each_has_alone(string id)
    {
        using var upscaler = Load(id);
        const int Width = 64, Height = 48, Length = 3 * Width * Height;
        int scale = upscaler.Traits.Scale;
        var random = new Random(7);
        TileBuffers[] tiles =
            [.. Enumerable.Range(0, 2).Select(_ => new TileBuffers(
                Enumerable.Range(0, Length).Select(_ => random.NextSingle()).ToArray(), new float[Length * scale * scale]))];
        upscaler.RunTiles(Width, Height, tiles);
        foreach (var tile in tiles)
        {
            float[] alone = new float[tile.Output.Length];
            upscaler.RunTiles(Width, Height, [new TileBuffers(tile.Input, alone)]);
            Assert.Equal(alone, tile.Output.ToArray());
        }
    }

    private static double JumpAcross(Picture picture, int x) => Enumerable.Range(0, picture.Height)
        .Average(y => Enumerable.Range(0, 3).Average(channel => Math.Abs(picture.Row(y)[x * 3 + channel] - picture.Row(y)[(x - 1) * 3 + channel])));

    private static Upscaler Load(string id) =>
        Upscaler.Load(Path.Combine(UpscalersFolder.Shipped, "upscalers", id + ".onnx"), Catalog.Find(id)!, new SessionSettings());

    private static void Compare(Upscaler upscaler, JsonElement one, Measure measure)
    {
        var picture = Decode("upscalers", one.GetProperty("input").GetString()!);
        float[] answer = Whole(upscaler, picture);
        float[] golden = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(ConformancePack.PathOf("upscalers", one.GetProperty("expected").GetString()!)))
            .ToArray();
        measure.Close("upscaled", golden, answer, 1e-4);
        var file = Decode("upscalers", one.GetProperty("expected_png").GetString()!);
        var ours = UpscaleAlone.Run(upscaler, picture, upscaler.Traits.Scale, new UpscaleTiling(256, 0));
        measure.Equal("levels beyond one", 0, Differences(file, ours).Count(level => level > 1));
    }

    private static float[] Whole(Upscaler upscaler, Picture picture)
    {
        float[] input = new float[3 * picture.Width * picture.Height], answer = new float[input.Length * upscaler.Traits.Scale * upscaler.Traits.Scale];
        TileReader.Read(picture, picture.Bounds, input);
        upscaler.RunTiles(picture.Width, picture.Height, [new TileBuffers(input, answer)]);
        return answer;
    }

    private static float[] Answer(Upscaler upscaler, UpscaleRun run, UpscaleTile tile)
    {
        float[] input = new float[run.InputLength(tile)], answer = new float[run.OutputLength(tile)];
        run.Read(tile, input);
        upscaler.RunTiles(tile.Input.Width, tile.Input.Height, [new TileBuffers(input, answer)]);
        return answer;
    }

    private static Picture Bytes(float[] planes, int width, int height)
    {
        var picture = Picture.Blank(width, height, 3);
        for (int i = 0; i < planes.Length; i++)
            picture.Pixels[i % (width * height) * 3 + i / (width * height)] = (byte)(Math.Clamp(planes[i], 0, 1) * 255 + 0.5f);
        return picture;
    }

    private static int[] Differences(Picture left, Picture right)
    {
        Assert.Equal((left.Width, left.Height, left.Channels), (right.Width, right.Height, right.Channels));
        return [.. left.Pixels.Zip(right.Pixels, (a, b) => Math.Abs(a - b))];
    }

    /// <summary>A picture of the starter model, enlarged so that it has something to cut.</summary>
    private static Picture Apple(int times)
    {
        var picture = Decode("starter", "0-ddim.png");
        return Imaging.Resize.Resampler.Resize(picture, picture.Width * times, picture.Height * times);
    }

    private static Picture Decode(params string[] file) => PictureDecoder.Decode(File.ReadAllBytes(ConformancePack.PathOf(file)));
}
