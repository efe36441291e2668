using System.Text.Json.Nodes;
using Darkroom.Imaging;

namespace Darkroom.EndToEnd.Automatic1111;

/// <summary>Pictures that clients of AUTOMATIC1111's API get are those of the native API with the same parameters, byte for byte.</summary>
public sealed class PictureTests(StarterServer server) : IClassFixture<StarterServer>
{
    private const int Size = 64;

    [Fact]
    public async Task Batches_are_the_native_pictures_and_info_says_how_they_were_made()
    {
        var answer = await server.Client.PostAsync("/sdapi/v1/txt2img", new JsonObject
        {
            ["prompt"] = "red apple, 3d render", ["negative_prompt"] = "blue", ["steps"] = 4, ["cfg_scale"] = 3, ["seed"] = 7, ["width"] = Size,
            ["height"] = Size, ["sampler_name"] = "DPM++ 2M Karras", ["batch_size"] = 2, ["n_iter"] = 2,
            ["alwayson_scripts"] = new JsonObject { ["ADetailer"] = new JsonObject { ["args"] = new JsonArray() } }, ["restore_faces"] = true,
        });
        var native = await server.Client.NativeAsync("txt2img", Native("red apple, 3d render", "blue", count: 4));
        Assert.Equal(native, answer.Hashes());
        Assert.Equal(4, native.Distinct().Count());

        var info = answer.Info();
        Assert.Equal([7, 8, 9, 10], info["all_seeds"]!.AsArray().Select(seed => (long)seed!));
        Assert.Equal(4, info["all_subseeds"]!.AsArray().Count);
        Assert.Equal(("DPM++ 2M", 4, 2, 3.0), ((string)info["sampler_name"]!, (int)info["steps"]!, (int)info["batch_size"]!, (double)info["cfg_scale"]!));
        var texts = info["infotexts"]!.AsArray().Select(text => (string)text!).ToArray();
        var files = answer["images"]!.AsArray().Select(image => PictureMetadataOf(Convert.FromBase64String((string)image!))).ToArray();
        Assert.Equal(files, texts); // what stands in the files
        Assert.Contains(info["warnings"]!.AsArray(), text => ((string)text!).Contains("ADetailer"));
        Assert.Contains(info["warnings"]!.AsArray(), text => ((string)text!).StartsWith("restore_faces"));
        Assert.Equal(("red apple, 3d render", 2), ((string)answer["parameters"]!["prompt"]!, (int)answer["parameters"]!["n_iter"]!));
        Assert.True(answer["parameters"]!.AsObject().ContainsKey("hr_scale"));
    }

    [Fact]
    public async Task More_pictures_than_a_native_job_has_come_in_their_order()
    {
        var answer = await server.Client.PostAsync("/sdapi/v1/txt2img", new JsonObject
        {
            ["prompt"] = "banana", ["steps"] = 1, ["cfg_scale"] = 1, ["seed"] = 100, ["width"] = 32, ["height"] = 32, ["batch_size"] = 3, ["n_iter"] = 3,
        });
        Assert.Equal(9, answer.Hashes().Distinct().Count());
        var last = await server.Client.PostAsync("/sdapi/v1/txt2img", new JsonObject
        {
            ["prompt"] = "banana", ["steps"] = 1, ["cfg_scale"] = 1, ["seed"] = 108, ["width"] = 32, ["height"] = 32,
        });
        Assert.Equal(last.Hashes()[0], answer.Hashes()[8]);
    }

    [Fact]
    public async Task Pictures_are_changed_and_repainted_as_the_native_api_does()
    {
        var (picture, mask) = (Disc(byte.MaxValue, 40), Disc(0, byte.MaxValue));
        JsonObject Sent() => new()
        {
            ["prompt"] = "green apple", ["steps"] = 4, ["cfg_scale"] = 3, ["seed"] = 7, ["width"] = Size, ["height"] = Size, ["denoising_strength"] = 0.6,
            ["sampler_name"] = "DPM++ 2M", ["scheduler"] = "karras", ["init_images"] = new JsonArray("data:image/png;base64," + picture),
        };
        var changed = await server.Client.PostAsync("/sdapi/v1/img2img", Sent());
        var native = Native("green apple", "", count: 1, picture);
        Assert.Equal(await server.Client.NativeAsync("img2img", native), changed.Hashes());
        Assert.Null(changed["parameters"]!["init_images"]);

        foreach (var (invert, fill, whole) in ((int, int, bool)[])[(0, 1, false), (1, 0, true)])
        {
            var sent = Sent();
            (sent["mask"], sent["mask_blur"], sent["inpainting_mask_invert"], sent["inpainting_fill"]) = (mask, 2, invert, fill);
            (sent["inpaint_full_res"], sent["inpaint_full_res_padding"]) = (!whole, 8);
            native = Native("green apple", "", count: 1, picture);
            (native["mask"], native["mask_blur"], native["mask_mode"]) = (mask, 2, invert == 1 ? "black" : "white");
            (native["fill"], native["area"], native["padding"]) = (fill == 1 ? "original" : "blur", whole ? "whole" : "masked", 8);
            Assert.Equal(await server.Client.NativeAsync("inpaint", native), (await server.Client.PostAsync("/sdapi/v1/img2img", sent)).Hashes());
        }

        var quiet = Sent();
        quiet["initial_noise_multiplier"] = 0.5;
        native = Native("green apple", "", count: 1, picture);
        native["noise_multiplier"] = 0.5;
        var less = await server.Client.NativeAsync("img2img", native);
        Assert.Equal(less, (await server.Client.PostAsync("/sdapi/v1/img2img", quiet)).Hashes());
        Assert.NotEqual(changed.Hashes(), less);

        // Opaque is repainted where a mask has any alpha; two blurs are applied before the core sees the mask.
        var alpha = Sent();
        (alpha["mask"], alpha["mask_blur_x"], alpha["mask_blur_y"], alpha["inpainting_fill"]) = (Mask(transparent: true), 0, 0, 1);
        var plain = Sent();
        (plain["mask"], plain["mask_blur_x"], plain["mask_blur_y"], plain["inpainting_fill"]) = (Mask(transparent: false), 0, 0, 1);
        var expected = (await server.Client.PostAsync("/sdapi/v1/img2img", plain)).Hashes();
        Assert.Equal(expected, (await server.Client.PostAsync("/sdapi/v1/img2img", alpha)).Hashes());
        plain["mask_blur_x"] = 6;
        Assert.NotEqual(expected, (await server.Client.PostAsync("/sdapi/v1/img2img", plain)).Hashes());
    }

    [Fact]
    public async Task Several_pictures_are_a_batch_and_each_is_changed_with_the_next_seed()
    {
        var (one, other) = (Disc(byte.MaxValue, 40), Disc(10, 200));
        JsonObject Sent(params string[] pictures) => new()
        {
            ["prompt"] = "apple", ["steps"] = 2, ["cfg_scale"] = 1, ["seed"] = 7, ["width"] = Size, ["height"] = Size, ["batch_size"] = 2,
            ["init_images"] = new JsonArray([.. pictures.Select(picture => JsonValue.Create(picture))]),
        };
        var both = await server.Client.PostAsync("/sdapi/v1/img2img", Sent(one, other));
        Assert.Equal(2, both.Hashes().Length);
        var alone = Sent(other);
        (alone["seed"], alone["batch_size"]) = (8, 1);
        Assert.Equal((await server.Client.PostAsync("/sdapi/v1/img2img", alone)).Hashes()[0], both.Hashes()[1]);
        var (status, text) = await server.Client.TryAsync(HttpMethod.Post, "/sdapi/v1/img2img", Sent(one, other, one).ToJsonString());
        Assert.True(status == 422 && text.Contains("init_images has 3 pictures, and a batch 2"), text);
    }

    private static JsonObject Native(string prompt, string negative, int count, string? picture = null)
    {
        var body = new JsonObject
        {
            ["prompt"] = prompt, ["negative_prompt"] = negative, ["steps"] = 4, ["guidance_scale"] = 3, ["seed"] = 7, ["width"] = Size, ["height"] = Size,
            ["sampler"] = "dpmpp_2m", ["schedule"] = "karras", ["count"] = count, ["upscale"] = null, ["quality"] = 80, ["compatibility"] = "a1111",
        };
        if (picture is not null) (body["image"], body["strength"], body["resize_mode"]) = (picture, 0.6, "stretch");
        return body;
    }

    private static string? PictureMetadataOf(byte[] file) => Imaging.Metadata.PictureMetadata.ReadParameters(file);

    private static string Disc(byte ground, byte inside) => Png(1, (x, y) => [IsInside(x, y) ? inside : ground]);

    private static string Mask(bool transparent) => transparent
        ? Png(4, (x, y) => [0, 0, 0, IsInside(x, y) ? byte.MaxValue : (byte)0]) : Png(1, (x, y) => [IsInside(x, y) ? byte.MaxValue : (byte)0]);

    private static bool IsInside(int x, int y) => (x - 32) * (x - 32) + (y - 32) * (y - 32) < 400;

    private static string Png(int channels, Func<int, int, byte[]> pixel)
    {
        var picture = Picture.Blank(Size, Size, channels);
        for (int y = 0; y < Size; y++)
            for (int x = 0; x < Size; x++) pixel(x, y).CopyTo(picture.Row(y)[(x * channels)..]);
        return Convert.ToBase64String(PictureEncoder.Encode(picture, PictureFormat.Png, 100, null));
    }
}
