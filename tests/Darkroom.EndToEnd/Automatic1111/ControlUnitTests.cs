using System.Text.Json.Nodes;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Automatic1111;

/// <summary>On a model of weights: units of the ControlNet extension, and what needs weights, as natively.</summary>
public sealed class ControlUnitTests : IDisposable
{
    private const string Model = "sd15-tiny", Net = "edges";
    private static readonly string Image = Convert.ToBase64String(
        File.ReadAllBytes(ConformancePack.PathOf("pipelines", PackControlNet.Family, "cases", "in-image-64x64-0f99eb.png")));

    private readonly ModelsFolder models = new();

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task Units_are_the_native_controls_and_each_of_their_values_counts()
    {
        Directory.CreateSymbolicLink(Path.Combine(models.Path, Model), ConformancePack.PathOf("pipelines", Model, PackModels.Weights));
        PackControlNet.Place(models.Path, Net, PackControlNet.Folder);
        await using var server = await StartedServer.StartAsync(models.Path);
        var all = new List<string>();
        foreach (var (task, unit, control) in ((string, string, string)[])
            [
                ("txt2img", """{"model":"edges [0123abcd]"}""", """{}"""),
                ("txt2img", """{"model":"edges","module":"none","weight":0.5}""", """{"weight":0.5}"""),
                ("txt2img", """{"model":"edges","guidance_start":0.4}""", """{"start":0.4}"""),
                ("txt2img", """{"model":"edges","guidance_end":0.5}""", """{"end":0.5}"""),
                ("txt2img", """{"model":"edges","control_mode":"ControlNet is more important"}""", """{"guess":true}"""),
                ("img2img", """{"model":"edges"}""", """{}"""),
            ])
        {
            var sent = new JsonObject
            {
                ["prompt"] = "a red fox", ["steps"] = 6, ["cfg_scale"] = 7.5, ["seed"] = 5, ["width"] = 64, ["height"] = 64, ["sampler_name"] = "Euler",
            };
            var native = new JsonObject
            {
                ["prompt"] = "a red fox", ["negative_prompt"] = "", ["steps"] = 6, ["guidance_scale"] = 7.5, ["seed"] = 5, ["width"] = 64, ["height"] = 64,
                ["sampler"] = "euler", ["quality"] = 80, ["upscale"] = null, ["compatibility"] = "a1111",
            };
            if (task == "img2img")
            {
                (sent["init_images"], sent["denoising_strength"]) = (new JsonArray(Image), 0.6);
                (native["image"], native["strength"], native["resize_mode"]) = (Image, 0.6, "stretch");
            }
            all.AddRange((await server.Client.PostAsync("/sdapi/v1/" + task, sent.DeepClone())).Hashes());

            var (one, net) = (JsonNode.Parse(unit)!.AsObject(), JsonNode.Parse(control)!.AsObject());
            if (task == "txt2img") one["image"] = Image; // img2img shows it the picture of the request
            (net["model"], net["image"]) = (Net, Image);
            sent["alwayson_scripts"] = new JsonObject { ["ControlNet"] = new JsonObject { ["args"] = new JsonArray(one) } };
            native["controls"] = new JsonArray(net);
            var pictures = (await server.Client.PostAsync("/sdapi/v1/" + task, sent.DeepClone())).Hashes();
            Assert.Equal(await server.Client.NativeAsync(task, native), pictures);
            all.AddRange(pictures);

            // One that is off is none.
            one["enabled"] = false;
            Assert.Contains((await server.Client.PostAsync("/sdapi/v1/" + task, sent)).Hashes()[0], all[..^1]);
        }
        Assert.Equal(6 + 2, all.Distinct().Count()); // with the units, and each task without
        await Tiled_pictures_wrap_round_and_layers_are_left_out(server.Client);
    }

    private static async Task Tiled_pictures_wrap_round_and_layers_are_left_out(HttpClient client)
    {
        foreach (var (field, value, native) in ((string, JsonNode, JsonObject)[])
            [
                ("tiling", true, new() { ["tiling"] = true }),
                ("override_settings", new JsonObject { ["CLIP_stop_at_last_layers"] = 2 }, new() { ["clip_skip"] = 1 }),
            ])
        {
            var sent = new JsonObject { ["prompt"] = "a red fox", ["steps"] = 3, ["cfg_scale"] = 7.5, ["seed"] = 5, ["width"] = 64, ["height"] = 64 };
            var plain = (await client.PostAsync("/sdapi/v1/txt2img", sent.DeepClone())).Hashes();
            sent[field] = value;
            foreach (var (name, given) in JsonNode.Parse("""
                {"prompt":"a red fox","negative_prompt":"","steps":3,"guidance_scale":7.5,"seed":5,"width":64,"height":64,"sampler":"euler","quality":80,
                 "upscale":null,"compatibility":"a1111"}
                """)!.AsObject()) native[name] = given?.DeepClone();
            var pictures = (await client.PostAsync("/sdapi/v1/txt2img", sent)).Hashes();
            Assert.Equal(await client.NativeAsync("txt2img", native), pictures);
            Assert.NotEqual(plain, pictures);
        }
    }
}
