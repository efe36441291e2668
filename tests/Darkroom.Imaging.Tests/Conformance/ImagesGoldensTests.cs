using System.Text.Json;
using Darkroom.Imaging.Masks;
using Darkroom.Imaging.Resize;
using Darkroom.TestKit;

namespace Darkroom.Imaging.Tests.Conformance;

/// <summary>
/// Pictures and masks around the autoencoder, against diffusers' VaeImageProcessor on Pillow. The pack asks resizes within 2 levels for 99 % of the pixels and
/// overlays within one; ours are held to no difference at all.
/// </summary>
[Trait("Category", "Conformance")]
public sealed class ImagesGoldensTests
{
    [Fact]
    public void Preprocessed_pictures_equal_the_goldens()
    {
        foreach (var (name, entry) in ImagesPack.Cases("preprocess"))
        {
            using var measure = new Measure("images/preprocess", name);
            var picture = entry.Picture("in");
            var (width, height) = PictureFit.Down(Side(entry, "width", picture.Width), Side(entry, "height", picture.Height), 8);
            measure.Equal("size", (entry.GetProperty("size_used_hw")[1].GetInt32(), entry.GetProperty("size_used_hw")[0].GetInt32()), (width, height));
            var mode = entry.Text("resize_mode") switch
                { "default" => ResizeMode.Stretch, "crop" => ResizeMode.Crop, "fill" => ResizeMode.Pad, var other => throw new NotSupportedException(other) };
            var resized = PictureFit.To(picture, width, height, mode);
            measure.Levels("resized", entry.Picture("out"), resized, 0);
            measure.Close("tensor", Tensors()[entry.Text("tensor")].Values, PixelConversion.ToNetwork(ChannelConversion.ToRgb(resized)), 0);
        }
    }

    [Fact]
    public void Every_filter_equals_Pillow()
    {
        foreach (var (name, entry) in ImagesPack.Cases("pillow_filters"))
        {
            using var measure = new Measure("images/filters", $"{name}/{entry.Text("filter")}");
            var filter = Enum.Parse<ResampleFilter>(entry.Text("filter"), ignoreCase: true);
            measure.Levels("resized", entry.Picture("out"), Resampler.Resize(entry.Picture("in"), entry.Number("width"), entry.Number("height"), filter), 0);
        }
    }

    [Fact]
    public void Masks_equal_the_goldens()
    {
        foreach (var (name, entry) in ImagesPack.Cases("masks"))
        {
            using var measure = new Measure("images/masks", name);
            int width = entry.Number("width"), height = entry.Number("height");
            var mask = PictureFit.To(entry.Picture("in"), width, height, ResizeMode.Stretch);
            measure.Close("not binarized", Tensors()[entry.Text("not_binarized")].Values, [.. mask.Pixels.Select(value => value / 255f)], 0);
            measure.Close("binarized", Tensors()[entry.Text("binarized")].Values, [.. MaskArithmetic.Binarize(mask).Pixels.Select(value => value / 255f)], 0);
            var latents = Tensors()[entry.Text("latent_nearest")];
            measure.Close("latents", latents.Values, MaskArithmetic.ToLatents(mask, latents.Shape[^1], latents.Shape[^2]), 0);
        }
    }

    [Theory]
    [InlineData("blur")]
    [InlineData("blur_rgb")]
    public void Blur_equals_Pillow(string list)
    {
        foreach (var (name, entry) in ImagesPack.Cases(list))
        {
            using var measure = new Measure("images/blur", name);
            measure.Levels("blurred", entry.Picture("out"), GaussianBlur.Run(entry.Picture("in"), entry.GetProperty("radius").GetSingle()), 0);
        }
    }

    [Fact]
    public void Crop_regions_are_exact()
    {
        foreach (var (name, entry) in ImagesPack.Cases("crop_region"))
        {
            using var measure = new Measure("images/crop_region", name);
            var corners = entry.GetProperty("x1_y1_x2_y2");
            measure.Equal("region", PixelRect.Between(corners[0].GetInt32(), corners[1].GetInt32(), corners[2].GetInt32(), corners[3].GetInt32()),
                CropRegion.Of(entry.Picture("mask"), entry.Number("width"), entry.Number("height"), entry.Number("padding_mask_crop")));
        }
    }

    [Fact]
    public void Overlays_equal_the_goldens()
    {
        foreach (var (name, entry) in ImagesPack.Cases("apply_overlay"))
        {
            using var measure = new Measure("images/overlay", name);
            var (mask, original, painted) = (entry.Picture("mask"), entry.Picture("init"), entry.Picture("new"));
            // Outside of the crop the reference paints black under the mask.
            if (entry.GetProperty("crop_coords") is { ValueKind: JsonValueKind.Array } at)
                painted = Overlay.Paste(Picture.Blank(mask.Width, mask.Height, 3), painted,
                    PixelRect.Between(at[0].GetInt32(), at[1].GetInt32(), at[2].GetInt32(), at[3].GetInt32()));
            measure.Levels("composited", entry.Picture("out"), Overlay.Apply(mask, original, painted), 0);
        }
    }

    [Fact]
    public void Network_values_become_the_golden_levels()
    {
        if (!ConformancePack.Has("images", "images.json") || !ConformancePack.Json("images", "images.json").TryGetProperty("postprocess", out var entry))
            return;
        using var measure = new Measure("images/postprocess", "levels");
        float[] values = [.. entry.GetProperty("in").EnumerateArray().Select(value => value.GetSingle())];
        byte[] golden = [.. entry.GetProperty("uint8").EnumerateArray().Select(value => value.GetByte())];
        measure.Levels("levels", new Picture(golden.Length, 1, 1, golden), PixelConversion.FromNetwork(values, values.Length, 1), 0);
    }

    private static TensorFile Tensors() => ConformancePack.Tensors("images", "images.safetensors");

    private static int Side(JsonElement entry, string field, int own) =>
        entry.GetProperty(field) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : own;
}
