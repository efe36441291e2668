using System.Globalization;
using Darkroom.Imaging.Masks;
using Darkroom.TestKit;

namespace Darkroom.Imaging.Tests.Masks;

/// <summary>Masks of the pack as OpenCV 4.13's <c>GaussianBlur</c> left them, along the lines and then along the columns.</summary>
public sealed class KernelBlurTests
{
    // Of the repository: another pack has other masks.
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "conformance", "images");

    public static TheoryData<string> Blurred => [.. Directory.EnumerateFiles(Path.Combine(Folder, "opencv"), "*.png")
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Blurred))]
    public void Every_level_is_the_references(string name)
    {
        string[] parts = [name[..name.LastIndexOf('_')], name[(name.LastIndexOf('_') + 1)..]];
        var blurred = KernelBlur.Run(Read(parts[0] + ".png"), double.Parse(parts[1], CultureInfo.InvariantCulture));
        Assert.Equal(Read(Path.Combine("opencv", name + ".png")).Pixels, blurred.Pixels);
    }

    [Fact]
    public void No_blur_gives_the_mask_back()
    {
        var mask = Read("mask_box.png");
        Assert.Same(mask, KernelBlur.Run(mask, 0));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(4)]
    [InlineData(64)]
    public void A_plain_mask_stays_as_it_is(double sigma)
    {
        var mask = TestPictures.Plain(9, 1, 200);
        Assert.Equal(mask.Pixels, KernelBlur.Run(mask, sigma).Pixels);
        Assert.Equal(256, KernelBlur.Kernel(sigma).Sum());
    }

    [Fact]
    public void Latents_by_bilinear_lie_between_the_two_pixels_in_the_middle_of_a_cell()
    {
        var mask = TestPictures.Plain(8, 8, 0);
        for (int y = 0; y < 8; y++) mask.Row(y)[4..].Fill(255); // half of the one cell
        Assert.Equal([0.5f], MaskArithmetic.ToLatentsByBilinear(mask, 1, 1));
        Assert.Equal([0, 1], MaskArithmetic.ToLatentsByBilinear(mask, 2, 1));
    }

    private static Picture Read(string name) =>
        ChannelConversion.ToGrey(PictureDecoder.Decode(File.ReadAllBytes(Path.Combine(Folder, name))));
}
