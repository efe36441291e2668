using Darkroom.Imaging.Metadata;
using Darkroom.Imaging;
using System.Net;
using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Tests.Scripted;
using Darkroom.Imaging.Canvas;
using Darkroom.Imaging.Masks;
using Darkroom.Imaging.Resize;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>What the picture tasks' own fields mean, over HTTP.</summary>
public sealed class PictureFieldTests
{
    [Theory]
    [InlineData(64, 64, null, null, 64, 64, null)]
    [InlineData(70, 64, null, null, 64, 64, "multiples of 16")]
    [InlineData(192, 96, null, null, 96, 48, "at most 96 pixels a side")]
    [InlineData(96, 500, null, null, 16, 96, "at most 96 pixels a side")]
    [InlineData(5, 5, null, null, 16, 16, "multiples of 16")]
    [InlineData(200, 100, 96, null, 96, 48, null)]
    [InlineData(100, 200, 96, null, 96, 96, "would keep the aspect")]
    [InlineData(200, 100, null, 32, 64, 32, null)]
    [InlineData(200, 100, 48, 80, 48, 80, null)]
    public async Task The_size_follows_the_picture_and_says_so_where_it_changes(int width, int height, int? asksWidth, int? asksHeight, int w, int h,
        string? warning)
    {
        await using var server = await RunningServer.StartAsync();
        var body = TaskBody.Least("img2img", width, height).With("width", asksWidth).With("height", asksHeight);
        using var response = await server.Client.PostAsync(body.Path, body.Form());
        var warnings = (await response.JsonAsync())["warnings"]!.AsArray();
        Assert.Equal((w, h), (server.Queue.Asked.Single().Width, server.Queue.Asked.Single().Height));
        if (warning is null) Assert.Empty(warnings);
        else Assert.Contains(warning, (string?)Assert.Single(warnings));
    }

    [Fact]
    public async Task A_request_that_says_no_more_gets_the_pages_defaults()
    {
        await using var server = await RunningServer.StartAsync();
        async Task<GenerationRequest> Asked(string task)
        {
            using var response = await server.Client.PostAsync("/v1/" + task, TaskBody.Least(task).Json());
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return server.Queue.Asked.Last();
        }

        Assert.Equal((0.75, ResizeMode.Stretch), ((await Asked("img2img")).Edit!.Strength, server.Queue.Asked.Last().Edit!.Fit));
        var inpaint = (await Asked("inpaint")).Edit!;
        Assert.Equal(0.75, inpaint.Strength);
        Assert.Equal(new MaskEdit { Picture = inpaint.Mask!.Picture }, inpaint.Mask);
        var outpaint = (await Asked("outpaint"));
        Assert.Equal((1, new CanvasExtension(16, 0, 0, 0, 8)), (outpaint.Edit!.Strength, outpaint.Edit.Extension));
        Assert.Equal((80, 64), (outpaint.Width, outpaint.Height));
        var upscale = await Asked("upscale");
        Assert.Equal((new UpscaleOrder(UpscalerCatalog.DefaultId, 4, 128, 20), 256, 256), (upscale.Upscale!, upscale.Width, upscale.Height));
    }

    [Fact]
    public async Task Model_that_edits_by_instruction_takes_a_scale_for_the_picture_and_no_strength()
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models[0] = server.Models.Models[0] with
        {
            Tasks = ["img2img"], Capabilities = new() { DenoiserChannels = 8, ExtraFields = ["image_guidance_scale"] },
        };
        using var taken = await server.Client.PostAsync("/v1/img2img", TaskBody.Least("img2img").Json());
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        var request = server.Queue.Asked.Single();
        Assert.Equal((true, 1.0, 1.5, 3), (request.Edit!.ShowsPicture, request.Edit.Strength, request.ImageGuidanceScale, request.Lanes));
        var parameters = (await taken.JsonAsync())["parameters"]!;
        Assert.Null((double?)parameters["strength"]);
        Assert.Equal(1.5, (double?)parameters["image_guidance_scale"]);

        using var refused = await server.Client.PostAsync("/v1/img2img", TaskBody.Least("img2img").With("strength", 0.5).Json());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("strength", (string?)(await refused.JsonAsync())["errors"]![0]!["field"]);
        using var weak = await server.Client.PostAsync("/v1/img2img", TaskBody.Least("img2img").With("image_guidance_scale", 0.5).Json());
        Assert.Equal(1, server.Queue.Asked.Last().Lanes);
    }

    [Fact]
    public async Task Fields_reach_the_engine()
    {
        await using var server = await RunningServer.StartAsync();
        var body = TaskBody.Least("inpaint").With("mask", TestPictures.Of(64, 64, 4)).With("mask_mode", "alpha").With("mask_blur", 2.5).With("mask_grow", 8)
            .With("fill", "noise")
            .With("area", "masked").With("padding", 16).With("strength", 0.5).With("resize_mode", "pad").With("width", 32).With("height", 48);
        using var response = await server.Client.PostAsync(body.Path, body.Form());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var edit = server.Queue.Asked.Single().Edit!;
        Assert.Equal((0.5, ResizeMode.Pad), (edit.Strength, edit.Fit));
        Assert.Equal(
            new MaskEdit { Picture = edit.Mask!.Picture, Reading = MaskMode.Alpha, Blur = 2.5, Grow = 8, Fill = MaskFill.Noise, OnlyMasked = true, Padding = 16,
                KeepsPictureSize = false },
            edit.Mask);
    }

    [Theory]
    [InlineData("img2img", "strength", 1.01, "strength", "0…1")]
    [InlineData("img2img", "resize_mode", "squash", "resize_mode", "one of: stretch, crop, pad")]
    [InlineData("img2img", "width", 65, "width", "16…96, multiple of 16")]
    [InlineData("img2img", "mask_blur", 4, "mask_blur", null)]
    [InlineData("img2img", "image", 5, "image", null)]
    [InlineData("inpaint", "mask_mode", "red", "mask_mode", "one of: white, black, alpha")]
    [InlineData("inpaint", "mask_blur", 64.5, "mask_blur", "0…64")]
    [InlineData("inpaint", "mask_grow", 257, "mask_grow", "0…256")]
    [InlineData("inpaint", "fill", "pink", "fill", "one of: original, noise, zero, blur")]
    [InlineData("inpaint", "area", "half", "area", "one of: whole, masked")]
    [InlineData("inpaint", "padding", -1, "padding", "0…2000")]
    [InlineData("inpaint", "mask_mode", "alpha", "mask", "a PNG or WebP with an alpha channel")]
    [InlineData("outpaint", "left", 2001, "left", "0…2000")]
    [InlineData("outpaint", "left", 0, "left", "at least one above 0")]
    [InlineData("outpaint", "width", 64, "width", null)]
    [InlineData("outpaint", "height", 64, "height", null)]
    [InlineData("outpaint", "resize_mode", "crop", "resize_mode", null)]
    [InlineData("outpaint", "feather", -1, "feather", "0…2000")]
    [InlineData("upscale", "scale", 8.5, "scale", "1…8")]
    [InlineData("upscale", "scale", 0.5, "scale", "1…8")]
    [InlineData("upscale", "tile", 8, "tile", "16…2048")]
    [InlineData("upscale", "overlap", 300, "overlap", "0…256")]
    [InlineData("upscale", "prompt", "a fox", "prompt", null)]
    [InlineData("upscale", "steps", 20, "steps", null)]
    [InlineData("img2img", "upscale", """{"model":"nothing"}""", "upscale.model", "one of: realesr-animevideov3-x4, unprobed, broken")]
    [InlineData("img2img", "upscale", """{"scale":9}""", "upscale.scale", "1…8")]
    [InlineData("img2img", "upscale", """{"factor":2}""", "upscale", "an object with model and scale, or null")]
    [InlineData("img2img", "upscale", "x2", "upscale", "an object with model and scale, or null")]
    public async Task A_wrong_value_is_named_with_its_limit(string task, string name, object value, string field, string? limit)
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var kind in (string[])["json", "form"])
        {
            if (name == "image" && kind == "form") continue; // every part of a form is text that may be base64
            var body = TaskBody.Least(task).With(name, value);
            using var response = await server.Client.PostAsync(body.Path, body.As(kind));
            var fault = Assert.Single((await response.ProblemAsync(422, "invalid_request"))["errors"]!.AsArray())!;
            Assert.Equal(field, (string?)fault["field"]);
            if (limit is not null) Assert.Equal(limit, (string?)fault["limit"]);
        }
        Assert.Empty(server.Inputs.Held);
    }

    [Fact]
    public async Task A_mask_of_another_size_is_told_with_both_sizes()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.Client.PostAsync("/v1/inpaint", TaskBody.Least("inpaint").With("mask", TestPictures.Of(32, 48, 1)).Form());
        var message = (string?)(await response.ProblemAsync(422, "invalid_request"))["errors"]![0]!["message"];
        Assert.Contains("32 x 48", message);
        Assert.Contains("64 x 64", message);
    }

    [Fact]
    public async Task A_canvas_beyond_8192_pixels_is_told()
    {
        await using var server = await RunningServer.StartAsync();
        var body = TaskBody.Least("outpaint", 7000, 20).With("left", 1000).With("right", 200);
        using var response = await server.Client.PostAsync(body.Path, body.Json());
        Assert.Equal("left + right at most 1192", (string?)(await response.ProblemAsync(422, "invalid_request"))["errors"]![0]!["limit"]);
    }

    [Theory]
    [InlineData("upscale", "scale", "Tiles", "tiles")]
    [InlineData("img2img", "upscale", "Tiles", "tiles")]
    [InlineData("img2img", "prompt", "TextChunks", "chunks in all different texts")]
    [InlineData("inpaint", "steps", "MegapixelSteps", "megapixel-steps")]
    [InlineData("outpaint", "left", "Windows", "left, right, up and down within 1 windows")]
    public async Task More_work_than_the_settings_allow_is_refused_with_field_limit_and_value(string task, string field, string setting, string limit)
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Limits:" + setting, setting == "MegapixelSteps" ? "0.01" : "1"));
        var body = TaskBody.Least(task, 96, 96);
        if (task == "upscale") body.With("tile", 48);
        else body.With("upscale", field == "upscale" ? """{ "scale": 8 }""" : null);
        if (task == "outpaint") body.With("left", 400);
        using var response = await server.Client.PostAsync(body.Path, body.Json());
        var fault = Assert.Single((await response.ProblemAsync(422, "invalid_request"))["errors"]!.AsArray())!;
        Assert.Equal(field, (string?)fault["field"]);
        Assert.EndsWith(limit, (string?)fault["limit"], StringComparison.Ordinal);
        Assert.True((double)fault["value"]! > 0.01, fault.ToJsonString());
        Assert.Empty(server.Inputs.Held);
    }

    [Fact]
    public async Task More_windows_than_may_be_painted_are_told_with_their_number()
    {
        await using var server = await RunningServer.StartAsync();
        var body = TaskBody.Least("outpaint").With("left", 1500).With("right", 2000).With("up", 2000).With("down", 1000);
        foreach (var kind in (string[])["json", "form"])
        {
            using var response = await server.Client.PostAsync(body.Path, body.As(kind));
            var fault = Assert.Single((await response.ProblemAsync(422, "invalid_request"))["errors"]!.AsArray())!;
            Assert.Equal(("right", 2000, "left, right, up and down within 512 windows"),
                ((string?)fault["field"], (int?)fault["value"], (string?)fault["limit"]));
            Assert.Matches(@"^left, right, up and down would be painted in \d{4} windows of 96x96 pixels, the canvas of model 'starter'; 512 are the most\.$",
                (string?)fault["message"]);
        }
        Assert.Empty(server.Inputs.Held);
        using var one = await server.Client.PostAsync(body.Path, TaskBody.Least("outpaint").With("left", 2000).With("up", 300).Json());
        Assert.Equal(200, (int)one.StatusCode);
    }

    [Fact]
    public async Task An_inpainted_picture_keeps_its_size_unless_one_is_asked()
    {
        await using var server = await RunningServer.StartAsync();
        using var kept = await server.Client.PostAsync("/v1/inpaint", TaskBody.Least("inpaint", 70, 50).Json());
        var parameters = (await kept.JsonAsync())["parameters"]!;
        Assert.True(server.Queue.Asked.Last().Edit!.Mask!.KeepsPictureSize);
        Assert.Null(parameters["width"]);
        using var asked = await server.Client.PostAsync("/v1/inpaint", TaskBody.Least("inpaint", 70, 50).With("width", 32).Json());
        Assert.False(server.Queue.Asked.Last().Edit!.Mask!.KeepsPictureSize);
        Assert.Equal(32, (int?)(await asked.JsonAsync())["parameters"]!["width"]);
    }

    [Fact]
    public async Task A_model_that_does_not_do_the_task_is_named()
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models[0] = ScriptedModels.Starter with { Tasks = ["txt2img"] };
        using var response = await server.Client.PostAsync("/v1/inpaint", TaskBody.Least("inpaint").Json());
        Assert.Equal(["model"], (await response.ProblemAsync(422, "invalid_request")).FaultyFields());
    }

    [Fact]
    public async Task Upscalers_that_cannot_run_are_told_apart()
    {
        await using var server = await RunningServer.StartAsync();
        async Task<JsonObject> Refused(string model, int status, string slug)
        {
            using var response = await server.Client.PostAsync("/v1/upscale", TaskBody.Least("upscale").With("model", model).Json());
            return await response.ProblemAsync(status, slug);
        }

        Assert.Contains("Did you mean 'unprobed'?", (string?)(await Refused("unprobd", 404, "upscaler_not_found"))["detail"]);
        Assert.Contains("not an ONNX graph", (string?)(await Refused("broken", 503, "model_failed"))["detail"]);
        using var unprobed = await server.Client.PostAsync("/v1/upscale", TaskBody.Least("upscale").With("model", "unprobed").Json());
        Assert.Null(server.Queue.Asked.Single().Upscale!.Scale);
        server.Upscalers.Upscalers[1] = new() { Id = "unprobed", Title = "Sixteen times", Scale = 16 };
        using var beyond = await server.Client.PostAsync("/v1/upscale", TaskBody.Least("upscale").With("model", "unprobed").Json());
        Assert.Equal(8, server.Queue.Asked.Last().Upscale!.Scale); // the most that a request could ask for
    }

    [Fact]
    public async Task An_answer_with_too_many_pixels_is_told_with_both_numbers()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var body in (TaskBody[])[
            TaskBody.Least("upscale", 2000, 1000).With("scale", 8),
            TaskBody.Least("inpaint", 2000, 1000).With("upscale", """{"scale":8}""")])
        {
            using var response = await server.Client.PostAsync(body.Path, body.Json());
            var fault = (await response.ProblemAsync(422, "invalid_request"))["errors"]![0]!;
            Assert.Contains("128000000", (string?)fault["message"]);
            Assert.Contains("67108864", (string?)fault["message"]);
        }
        var webp = TaskBody.Least("upscale", 2100, 10).With("scale", 8).With("format", "webp");
        using var wide = await server.Client.PostAsync(webp.Path, webp.Json());
        Assert.Contains("16383", (string?)(await wide.ProblemAsync(422, "invalid_request"))["errors"]![0]!["message"]);
    }

    [Fact]
    public async Task A_models_upscale_is_for_txt2img_alone_and_null_declines_it()
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models[0] = ScriptedModels.Starter with
            { Defaults = ModelDefaults.Parse($$"""{ "upscale": { "model": "{{UpscalerCatalog.DefaultId}}", "scale": 2 } }""") };
        async Task<UpscaleOrder?> Asked(TaskBody body)
        {
            using var response = await server.Client.PostAsync(body.Path, body.Form());
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return server.Queue.Asked.Last().Upscale;
        }

        Assert.Equal(new UpscaleOrder(UpscalerCatalog.DefaultId, 2), await Asked(TaskBody.Least("txt2img")));
        Assert.Null(await Asked(TaskBody.Least("txt2img").With("upscale", null)));
        Assert.Null(await Asked(TaskBody.Least("img2img")));
        Assert.Equal(new UpscaleOrder(UpscalerCatalog.DefaultId, 4), await Asked(TaskBody.Least("outpaint").With("upscale", "{}")));

        server.Models.Models[0] = ScriptedModels.Starter with { Defaults = ModelDefaults.Parse("""{ "upscale": { "model": "gone", "scale": 2 } }""") };
        using var without = await server.Client.PostAsync("/v1/txt2img", TaskBody.Least("txt2img").Json());
        Assert.Contains("there is no upscaler 'gone'", (string?)(await without.JsonAsync())["warnings"]![0]);
    }

    [Fact]
    public async Task Upscalers_are_listed()
    {
        await using var server = await RunningServer.StartAsync();
        var list = JsonNode.Parse(await server.Client.GetStringAsync("/v1/upscalers"))!;
        Assert.Equal(("list", 3), ((string?)list["object"], list["data"]!.AsArray().Count));
        Assert.Equal((UpscalerCatalog.DefaultId, 4, 20),
            ((string?)list["data"]![0]!["id"], (int?)list["data"]![0]!["scale"], (int?)list["data"]![0]!["overlap"]));
        Assert.Equal("broken.onnx: not an ONNX graph", (string?)list["data"]![2]!["reason"]);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("data")]
    [InlineData("form")]
    public async Task A_pictures_parameters_are_read_from_its_file(string kind)
    {
        await using var server = await RunningServer.StartAsync();
        const string Text = "a fox\nNegative prompt: blur\nSteps: 20, Sampler: DDIM, Seed: 5, Size: 64x64";
        using var response = await server.Client.PostAsync("/v1/png-info", new TaskBody("png-info").With("image", TestPictures.Of(8, 9, parameters: Text))
            .As(kind));
        var info = await response.JsonAsync();
        Assert.Equal(["info", "parameters", "negative_prompt", "prompt", "items", "tool", "request"], info.Select(property => property.Key));
        Assert.Equal((Text, "a fox", "blur"), ((string?)info["info"], (string?)info["prompt"], (string?)info["negative_prompt"]));
        Assert.Equal(("5", "64x64", 9), ((string?)info["parameters"]!["Seed"], (string?)info["parameters"]!["Size"], (int?)info["items"]!["height"]));

        Assert.Equal("a1111", (string?)info["tool"]);
        var fields = info["request"]!["fields"]!;
        Assert.Equal(("/v1/txt2img", "ddim", 20, 5, "a1111"), ((string?)info["request"]!["address"], (string?)fields["sampler"], (int?)fields["steps"],
            (int?)fields["seed"], (string?)fields["compatibility"]));

        using var silent = await server.Client.PostAsync("/v1/png-info", TaskBody.Least("png-info").As(kind));
        const string Graph =
            """{"3":{"class_type":"KSampler","inputs":{"seed":5,"positive":["6",0]}},"6":{"class_type":"CLIPTextEncode","inputs":{"text":"a fox"}}}""";
        byte[] comfy = PictureEncoder.Encode(Picture.Blank(8, 9, 3), PictureFormat.Png, 90, new PictureLabel(null, [new("prompt", Graph)]));
        using var other = await server.Client.PostAsync("/v1/png-info", new TaskBody("png-info").With("image", comfy).As(kind));
        var found = await other.JsonAsync();
        Assert.Equal(("comfyui", "a fox", "5"), ((string?)found["tool"], (string?)found["prompt"], (string?)found["parameters"]!["Seed"]));
        Assert.Equal(Graph, (string?)found["items"]!["texts"]!["prompt"]);

        var nothing = await silent.JsonAsync();
        Assert.Equal(("", null), ((string?)nothing["info"], (string?)nothing["tool"]));
        using var none = await server.Client.PostAsync("/v1/png-info", new TaskBody("png-info").With("image", "a fox"u8.ToArray()).As(kind));
        await none.ProblemAsync(400, "invalid_picture");
    }
}
