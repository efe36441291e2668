using Darkroom.TestKit;

namespace Darkroom.Imaging.Tests;

/// <summary>What the autoencoder gave, against the PNG that the reference made of it.</summary>
[Trait("Category", "Conformance")]
public sealed class DecodedGoldensTests
{
    [Fact]
    public void Decoded_values_become_the_golden_pixels()
    {
        foreach (string family in Families())
            foreach (string name in ConformancePack.CaseNames("pipelines", family, "cases"))
                if (ConformancePack.Has("pipelines", family, "cases", $"{name}.safetensors")
                    && ConformancePack.Has("pipelines", family, "cases", $"{name}-0.png"))
                    Compare(family, name);
    }

    private static void Compare(string family, string name)
    {
        var tensors = ConformancePack.Tensors("pipelines", family, "cases", $"{name}.safetensors");
        if (!tensors.Has("decoded")) return;
        using var measure = new Measure("pixels", $"{family}/{name}");
        var decoded = tensors["decoded"]; // [1, 3, H, W]
        var golden = PictureDecoder.Decode(File.ReadAllBytes(ConformancePack.PathOf("pipelines", family, "cases", $"{name}-0.png")));
        if ((decoded.Shape[3], decoded.Shape[2]) != (golden.Width, golden.Height)) return; // upscaled or pasted into a larger picture afterwards
        var picture = PixelConversion.FromNetwork(decoded[0], golden.Width, golden.Height);
        // The PNG came from float32. Where the pack keeps half of the bits, a value next to a half may fall on the other side.
        bool halved = decoded.Values.All(value => (float)(Half)value == value);
        measure.Bound("largest difference in levels", golden.Pixels.Zip(picture.Pixels, (a, b) => Math.Abs(a - b)).Max(), halved ? 1 : 0);
    }

    private static IEnumerable<string> Families()
    {
        string folder = Path.Combine(ConformancePack.Root, "pipelines");
        return Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal) : [];
    }
}
