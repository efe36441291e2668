using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Values;
using Darkroom.Server.Tests.Scripted;
using Darkroom.TestKit;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>Models over pixels of one to sixteen channels that this test writes, and the pack's, at every depth, through the whole server.</summary>
public sealed class ScientificDataTests(ScientificModels server) : IClassFixture<ScientificModels>
{
    /// <summary>
    /// A network that predicts no noise, given a picture without any, gives that picture: noised by nothing at the level of the strength, and taken back.
    /// </summary>
    [Fact]
    public async Task All_values_of_16_bits_come_back_from_the_network()
    {
        float[] planes = [.. Enumerable.Range(0, 65536).Select(i => 2f * (i / 65535f) - 1f)];
        var all = new PictureValues(256, 256, planes);
        foreach (var (format, bits) in ((PictureFormat, int)[])[(PictureFormat.Npy, 16), (PictureFormat.Png, 16)])
        {
            byte[] sent = PictureEncoder.Encode(all, format, bits, 90, null);
            var answer = await SucceedAsync("img2img", Silent("silent", sent, format, bits));
            byte[] made = await FileAsync(answer);
            Assert.Equal(planes, Read(made, 1).Planes);
            if (format == PictureFormat.Npy) Assert.Equal(sent, made);
            Assert.Equal((format == PictureFormat.Npy ? "npy" : "png", 256, 256), (
                (string?)answer["images"]![0]!["format"], (int)answer["images"]![0]!["width"]!, (int)answer["images"]![0]!["height"]!));
            Assert.Equal(bits, (int)answer["parameters"]!["bit_depth"]!);
        }

        byte[] floats = PictureEncoder.Encode(all, PictureFormat.Npy, 32, 90, null);
        var near = Read(await FileAsync(await SucceedAsync("img2img", Silent("silent", floats, PictureFormat.Npy, 32))), 1);
        Assert.True(near.Planes.Zip(planes, static (a, b) => Math.Abs(a - b)).Max() < 1e-6);
    }

    [Theory]
    [InlineData("silent", 1)]
    [InlineData("five-silent", 5)]
    [InlineData("ddpm-tiny", 3)]
    public async Task Without_a_step_an_array_comes_back_byte_for_byte(string model, int channels)
    {
        float[] planes = [.. Enumerable.Range(0, channels * 32 * 32).Select(i => MathF.Sin(i))];
        foreach (int bits in (int[])[8, 16, 32])
        {
            byte[] sent = PictureEncoder.Encode(new PictureValues(32, 32, planes), PictureFormat.Npy, bits, 90, null);
            var request = Silent(model, sent, PictureFormat.Npy, bits);
            request["strength"] = 0;
            Assert.Equal(sent, await FileAsync(await SucceedAsync("img2img", request)));
        }
    }

    [Fact]
    public async Task Eight_bits_of_every_channel_come_back_from_the_network()
    {
        float[] planes = [.. Enumerable.Range(0, 5 * 32 * 32).Select(i => 2f * (i * 7 % 256 / 255f) - 1f)];
        byte[] sent = PictureEncoder.Encode(new PictureValues(32, 32, planes), PictureFormat.Npy, 8, 90, null);
        Assert.Equal(sent, await FileAsync(await SucceedAsync("img2img", Silent("five-silent", sent, PictureFormat.Npy, 8))));
    }

    [Fact]
    public async Task Depths_and_formats_are_roundings_of_the_same_floats()
    {
        foreach (var (model, channels) in ((string, int)[])[("grey", 1), ("ddpm-tiny", 3), ("five", 5)])
        {
            var floats = Read(await MadeAsync(model, "npy", 32), channels);
            Assert.Equal((32, 32, channels), (floats.Width, floats.Height, floats.Channels));
            foreach (int bits in (int[])[8, 16])
            {
                byte[] whole = PictureEncoder.Encode(floats, PictureFormat.Npy, bits, 90, null);
                Assert.Equal(whole, await MadeAsync(model, "npy", bits));
                if (channels == 5) continue;
                byte[] png = await MadeAsync(model, "png", bits);
                Assert.Equal(Read(whole, channels).Planes, Read(png, channels).Planes);
                Assert.Equal(channels == 1 ? 0 : 2, png[25]); // grey, or RGB
                Assert.Contains("Steps: 4", Imaging.Metadata.PictureMetadata.ReadParameters(png), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Pack_s_picture_is_the_same_by_values()
    {
        string folder = ConformancePack.PathOf("pipelines", "ddpm-tiny", "cases");
        var golden = PictureDecoder.Decode(await File.ReadAllBytesAsync(Path.Combine(folder, "uncond-ddim-10-eta-0.0-0.png")));
        var answer = await SucceedAsync("txt2img", new()
        {
            ["model"] = "ddpm-tiny", ["steps"] = 10, ["sampler"] = "ddim", ["eta"] = 0, ["seed"] = 42,
            ["format"] = "npy", ["bit_depth"] = 8,
        });
        byte[] values = (await FileAsync(answer))[^golden.Pixels.Length..];
        Assert.All(values.Zip(golden.Pixels), static pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Fact]
    public async Task Picture_of_one_channel_is_verified_at_its_depth()
    {
        foreach (int bits in (int[])[8, 16])
        {
            byte[] png = await MadeAsync("grey", "png", bits);
            var found = await PostAsync("verify", new() { ["image"] = Convert.ToBase64String(png) });
            Assert.True(found.Status == 200 && (bool)found.Json["same"]!, found.Json.ToJsonString());
        }
    }

    [Fact]
    public async Task Defaults_of_the_model_are_its_depth_and_the_format_that_holds_its_channels()
    {
        var grey = await SucceedAsync("txt2img", Plain("grey"));
        Assert.Equal(("png", 16), ((string?)grey["images"]![0]!["format"], (int)grey["parameters"]!["bit_depth"]!));
        var five = await SucceedAsync("txt2img", Plain("five"));
        Assert.Equal(("npy", 8), ((string?)five["images"]![0]!["format"], (int)five["parameters"]!["bit_depth"]!));

        var jpeg = Plain("grey");
        jpeg["format"] = "jpeg";
        var cut = await SucceedAsync("txt2img", jpeg);
        Assert.Contains("the model's default bit_depth 16 was left out: a jpeg holds 8", cut["warnings"]!.AsArray().Select(one => (string?)one));
        Assert.Equal(1, PictureDecoder.Decode(await FileAsync(cut)).Channels);

        var listed = JsonNode.Parse(await server.Client.GetStringAsync("/v1/models/five"))!;
        Assert.Equal((5, "npy"), ((int)listed["picture_channels"]!, (string?)listed["defaults"]!["format"]));
        Assert.Equal(["txt2img", "img2img", "denoise", "likelihood", "features"], listed["tasks"]!.AsArray().Select(one => (string?)one));
    }

    [Fact]
    public async Task Array_has_no_media_type_of_its_own_and_is_served_as_bytes()
    {
        var request = Plain("five");
        request["return"] = "url";
        var answer = await SucceedAsync("txt2img", request);
        using var file = await server.Client.GetAsync((string?)answer["images"]![0]!["url"]);
        Assert.Equal("application/octet-stream", file.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith(".npy\"", file.Content.Headers.ContentDisposition?.ToString(), StringComparison.Ordinal);
        Assert.Equal(5, Read(await file.Content.ReadAsByteArrayAsync(), 5).Channels);
    }

    [Fact]
    public async Task Autoencoder_of_other_channels_takes_and_gives_them()
    {
        var request = Plain("latent-grey");
        (request["prompt"], request["width"], request["height"], request["bit_depth"]) = ("a fox", 64, 64, 16);
        byte[] made = await FileAsync(await SucceedAsync("txt2img", request));
        Assert.Equal([16, 0], made[24..26]); // 16 bits, grey
        request["format"] = "npy";
        Assert.Equal(Read(made, 1).Planes, Read(await FileAsync(await SucceedAsync("txt2img", request)), 1).Planes);

        (request["image"], request["strength"], request["format"]) = (Convert.ToBase64String(made), 0.5, "png");
        Assert.Equal((64, 64, 1), Sides(PictureDecoder.Decode(await FileAsync(await SucceedAsync("img2img", request)))));

        var seven = Plain("latent-seven");
        (seven["prompt"], seven["width"], seven["height"], seven["bit_depth"]) = ("a fox", 64, 64, 32);
        byte[] array = await FileAsync(await SucceedAsync("txt2img", seven));
        Assert.Equal(7, Read(Clamped(array), 7).Channels);
        (seven["image"], seven["strength"]) = (Convert.ToBase64String(Clamped(array)), 0.5);
        Assert.NotEqual(array, await FileAsync(await SucceedAsync("img2img", seven)));
    }

    [Fact]
    public async Task Noise_is_taken_out_at_every_depth_and_of_every_channel()
    {
        foreach (var (model, channels) in ((string, int)[])[("grey", 1), ("five", 5), ("ddpm-tiny", 3)])
        {
            byte[] sent = PictureEncoder.Encode(
                new PictureValues(32, 32, [.. Enumerable.Range(0, channels * 1024).Select(i => MathF.Sin(i * i) / 2)]), PictureFormat.Npy, 16, 90, null);
            var answer = await SucceedAsync("denoise", new()
                { ["model"] = model, ["image"] = Convert.ToBase64String(sent), ["noise"] = 0.1, ["format"] = "npy", ["bit_depth"] = 16 });
            byte[] made = await FileAsync(answer);
            Assert.Equal((32, 32, channels), (Read(made, channels).Width, Read(made, channels).Height, Read(made, channels).Channels));
            Assert.Equal(sent.Length, made.Length);
            Assert.NotEqual(sent, made);
        }
    }

    /// <summary>A network's floats may lie beyond the range of those that are sent.</summary>
    private static byte[] Clamped(byte[] file)
    {
        int start = 10 + BitConverter.ToUInt16(file, 8);
        byte[] clamped = [.. file];
        for (int at = start; at < file.Length; at += 4) BitConverter.TryWriteBytes(clamped.AsSpan(at), Math.Clamp(BitConverter.ToSingle(file, at), -1, 1));
        return clamped;
    }

    [Fact]
    public async Task Grey_picture_of_another_size_is_brought_to_it()
    {
        byte[] sent = PictureEncoder.Encode(new Picture(48, 40, 1, [.. Enumerable.Range(0, 48 * 40).Select(i => (byte)(i / 8))]), PictureFormat.Png, 90, null);
        var request = Silent("silent", sent, PictureFormat.Png, 8);
        (request["width"], request["height"], request["strength"]) = (32, 32, 0);
        Assert.Equal((32, 32, 1), Sides(PictureDecoder.Decode(await FileAsync(await SucceedAsync("img2img", request)))));
    }

    [Theory]
    [InlineData("five", """{ "format": "png" }""", "format", "Model 'five' makes pictures of 5 channels, and a png holds 1 or 3.")]
    [InlineData("grey", """{ "format": "jpeg", "bit_depth": 16 }""", "bit_depth", "A jpeg holds 8 bits of a value at most, and 16 are asked for.")]
    [InlineData("grey", """{ "bit_depth": 32 }""", "bit_depth", "A png holds 16 bits of a value at most, and 32 are asked for.")]
    [InlineData("grey", """{ "bit_depth": 12 }""", "bit_depth", "bit_depth must be one of: 8, 16, 32.")]
    [InlineData("grey", """{ "hires": { "scale": 2 } }""", "hires",
        "Model 'grey' has no use for hires: its pictures have 1 channel, and colours are enlarged.")]
    [InlineData("grey", """{ "upscale": { "scale": 2 } }""", "upscale", "Upscalers enlarge colours of 8 bits: the pictures of model 'grey' have 1 channel.")]
    public async Task What_a_model_cannot_give_is_told_before_the_job(string model, string fields, string field, string message)
    {
        var request = Plain(model);
        foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject()) request[name] = value?.DeepClone();
        await RefusedAsync("txt2img", request, field, message);
    }

    [Fact]
    public async Task Picture_that_does_not_fit_the_model_is_refused_with_both_sides()
    {
        byte[] colours = PictureEncoder.Encode(Picture.Blank(32, 32, 3), PictureFormat.Png, 90, null);
        await RefusedAsync("img2img", Silent("silent", colours, PictureFormat.Png, 8), "image",
            "The picture has 3 channels (colours), and the model's pictures have 1 channel (grey); channels are not converted.");
        byte[] deep = PictureEncoder.Encode(new PictureValues(32, 32, new float[3 * 32 * 32]), PictureFormat.Png, 16, 90, null);
        await RefusedAsync("img2img", Silent("silent", deep, PictureFormat.Png, 16), "image",
            "The picture has 3 channels (colours), and the model's pictures have 1 channel (grey); channels are not converted.");
        byte[] array = PictureEncoder.Encode(new PictureValues(32, 32, new float[3 * 32 * 32]), PictureFormat.Npy, 8, 90, null);
        await RefusedAsync("img2img", Silent("five", array, PictureFormat.Npy, 8), "image",
            "The npy file has 3 channels, and the pictures of model 'five' have 5; channels are not converted.");
        byte[] large = PictureEncoder.Encode(new PictureValues(34, 32, new float[34 * 32]), PictureFormat.Npy, 8, 90, null);
        await RefusedAsync("img2img", Silent("silent", large, PictureFormat.Npy, 8), "image",
            "The picture of 34 x 32 would have to be resized to 32 x 32, and values of more than 8 bits or of an npy file are not.");
        byte[] loud = PictureEncoder.Encode(new PictureValues(32, 32, [.. Enumerable.Repeat(2f, 1024)]), PictureFormat.Npy, 32, 90, null);
        await RefusedAsync("img2img", Silent("silent", loud, PictureFormat.Npy, 32), "image",
            "The npy file's value at [0, 0] is 2; floats of a picture are finite and lie in -1…1.");
    }

    [Fact]
    public async Task Masks_are_for_colours()
    {
        string grey = Convert.ToBase64String(PictureEncoder.Encode(Picture.Blank(32, 32, 1), PictureFormat.Png, 90, null));
        await RefusedAsync("inpaint", new() { ["model"] = "grey", ["image"] = grey, ["mask"] = grey }, "model",
            "Model 'grey' does not do inpaint: its pictures have 1 channel, and masks are laid over colours. "
            + "It does txt2img, img2img, denoise, likelihood, features. No model here does.");
    }

    private static (int Width, int Height, int Channels) Sides(Picture picture) => (picture.Width, picture.Height, picture.Channels);

    private static JsonObject Plain(string model) => new() { ["model"] = model, ["seed"] = 7, ["steps"] = 4, ["sampler"] = "ddim" };

    private static JsonObject Silent(string model, byte[] sent, PictureFormat format, int bits) => new()
    {
        ["model"] = model, ["image"] = Convert.ToBase64String(sent), ["seed"] = 7, ["steps"] = 4, ["strength"] = 0.5, ["noise_multiplier"] = 0,
        ["sampler"] = "ddim", ["format"] = format == PictureFormat.Npy ? "npy" : "png", ["bit_depth"] = bits,
    };

    private static PictureValues Read(byte[] file, int channels) =>
        ValuesDecoder.TryDecode(file, PictureLimits.Default, channels, out var values, out var fault) ? values : throw new InvalidDataException(fault.Message);

    private async Task<byte[]> MadeAsync(string model, string format, int bits)
    {
        var request = Plain(model);
        (request["format"], request["bit_depth"]) = (format, bits);
        return await FileAsync(await SucceedAsync("txt2img", request));
    }

    private static Task<byte[]> FileAsync(JsonObject answer) => Task.FromResult(Convert.FromBase64String((string)answer["images"]![0]!["data"]!));

    private async Task<JsonObject> SucceedAsync(string task, JsonObject request)
    {
        var (status, json) = await PostAsync(task, request);
        Assert.True(status == 200, json.ToJsonString());
        return json;
    }

    private async Task RefusedAsync(string task, JsonObject request, string field, string message)
    {
        var (status, json) = await PostAsync(task, request);
        Assert.True(status == 422, json.ToJsonString());
        Assert.Contains((field, message), json["errors"]!.AsArray().Select(one => ((string?)one!["field"], (string?)one["message"])));
    }

    private async Task<(int Status, JsonObject Json)> PostAsync(string task, JsonObject request)
    {
        using var answer = await server.Client.PostAsJsonAsync($"/v1/{task}", request);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject());
    }
}

/// <summary>The whole server with models that the tests write, and the pack's.</summary>
public sealed class ScientificModels : IAsyncLifetime
{
    private readonly ModelsFolder models = new();
    private RealServer? server;

    public HttpClient Client => server!.Client;

    public async ValueTask InitializeAsync()
    {
        PixelModels.Write(Path.Combine(models.Path, "grey"), 1, card: """{ "defaults": { "bit_depth": 16 } }""");
        PixelModels.Write(Path.Combine(models.Path, "silent"), 1, isSilent: true);
        PixelModels.Write(Path.Combine(models.Path, "five"), 5);
        PixelModels.Write(Path.Combine(models.Path, "five-silent"), 5, isSilent: true);
        PixelModels.WriteLatent(Path.Combine(models.Path, "latent-grey"), 1);
        PixelModels.WriteLatent(Path.Combine(models.Path, "latent-seven"), 7);
        models.Link("ddpm-tiny", "tests", "conformance", "pipelines", "ddpm-tiny", "onnx");
        server = await RealServer.StartAsync(("Darkroom:ModelsPath", models.Path), ("Darkroom:DefaultModel", "ddpm-tiny"));
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        models.Dispose();
    }
}
