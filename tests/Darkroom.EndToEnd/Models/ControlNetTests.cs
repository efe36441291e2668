using System.Buffers.Binary;
using System.Text.Json;
using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Models;

/// <summary>ControlNets on a model of weights, with whatever else a request may ask for; and ControlNets with which something is wrong.</summary>
public sealed class ControlNetTests : IDisposable
{
    private const string Model = "sd15-tiny";
    private static readonly string Image = Convert.ToBase64String(
        File.ReadAllBytes(ConformancePack.PathOf("pipelines", PackControlNet.Family, "cases", "in-image-64x64-0f99eb.png")));
    private static readonly string Mask = Convert.ToBase64String(File.ReadAllBytes(Directory
        .EnumerateFiles(ConformancePack.PathOf("pipelines", Model, "cases"), "in-mask_image-64x64-*.png").Order(StringComparer.Ordinal).First()));

    private readonly ModelsFolder models = new();

    private string Nets => Path.Combine(models.Path, "controlnets");

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task Controls_go_with_loras_clip_skip_and_pictures()
    {
        AddModel();
        Directory.CreateDirectory(Path.Combine(models.Path, "loras"));
        File.Copy(ConformancePack.PathOf("pipelines", Model, "lora", "kohya.safetensors"), Path.Combine(models.Path, "loras", "crayons.safetensors"));
        PackControlNet.Place(models.Path, "edges", PackControlNet.Folder);
        await using var server = await StartedServer.StartAsync(models.Path);
        foreach (var (task, more) in ((string, Dictionary<string, object>)[])
            [
                ("txt2img", []), ("txt2img", new() { ["clip_skip"] = 1 }), ("img2img", new() { ["image"] = Image, ["strength"] = 0.6 }),
                ("inpaint", new() { ["image"] = Image, ["mask"] = Mask, ["strength"] = 0.9 }),
                ("inpaint", new() { ["image"] = Image, ["mask"] = Mask, ["area"] = "masked", ["padding"] = 4, ["width"] = 64, ["height"] = 64 }),
                ("outpaint", new() { ["image"] = Image, ["right"] = 16, ["feather"] = 8 }),
            ])
        {
            byte[] plain = await PixelsAsync(null, null), led = await PixelsAsync(1, null), both = await PixelsAsync(1, 1), lora = await PixelsAsync(null, 1);
            Assert.NotEqual(plain, led);
            Assert.NotEqual(led, both);
            Assert.NotEqual(lora, both);
            Assert.Equal(plain, await PixelsAsync(0, null)); // a ControlNet that counts nothing is none
            Assert.Equal(led, await PixelsAsync(1, 0)); // and so is such a LoRA, though the U-Net is another one then

            async Task<byte[]> PixelsAsync(double? control, double? lora)
            {
                var body = Body(more);
                if (control is { } weight) body["controls"] = new[] { new { model = "edges", image = Image, weight } };
                if (lora is { } strength) body["loras"] = new[] { new { id = "crayons", weight = strength } };
                var answer = await server.Client.PostAsync(body, task: task);
                Assert.True(answer.Status == 200, answer.Text);
                var parameters = answer.Json.GetProperty("parameters");
                Assert.Equal(control is not null, parameters.TryGetProperty("controls", out var told));
                if (control is not null) Assert.Equal(
                    $$"""[{"model":"edges","weight":{{control}},"start":0,"end":1,"guess":false}]""", told.GetRawText());
                return Pixels(answer);
            }
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_ControlNet_is_said_and_nobody_else_is_harmed()
    {
        AddModel();
        PackControlNet.Place(models.Path, "edges", PackControlNet.Folder);
        PackControlNet.Place(models.Path, "short", PackControlNet.File);
        PackControlNet.Place(models.Path, "spoiled", PackControlNet.File);
        string cut = Path.Combine(Nets, "short.safetensors"), spoiled = Path.Combine(Nets, "spoiled.safetensors");
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..^100]);
        byte[] bytes = File.ReadAllBytes(spoiled);
        BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(bytes.Length - 2), Half.NaN);
        File.WriteAllBytes(spoiled, bytes);
        await using var server = await StartedServer.StartAsync(models.Path);

        var list = (await server.Client.FetchAsync("/v1/controlnets")).Succeeded().GetProperty("data");
        Assert.Equal([("edges", false), ("short", true), ("spoiled", false)],
            list.EnumerateArray().Select(one => (one.GetProperty("id").GetString()!, one.TryGetProperty("reason", out _))));
        var refused = await server.Client.PostAsync(With("short"));
        Assert.Equal((422, "controls.0.model"), (refused.Status, refused.Json.GetProperty("errors")[0].GetProperty("field").GetString()));
        Assert.Contains("cut off", refused.Text, StringComparison.Ordinal);

        var answers = await Task.WhenAll(server.Client.PostAsync(With("edges")), server.Client.PostAsync(With("spoiled")), server.Client.PostAsync(Body([])));
        Assert.Equal([200, 503, 200], answers.Select(answer => answer.Status));
        Assert.Contains("ControlNet 'spoiled': spoiled.safetensors: weight", answers[1].Text, StringComparison.Ordinal);
        Assert.Contains("has values that are not finite", answers[1].Text, StringComparison.Ordinal);
        Assert.Equal(Pixels(answers[0]), Pixels((await server.Client.PostAsync(With("edges")))));
    }

    [Fact]
    public async Task A_ControlNet_that_is_replaced_while_a_job_uses_it_stays_what_it_was_for_that_job()
    {
        AddModel();
        PackControlNet.Place(models.Path, "edges", PackControlNet.File);
        await using var server = await StartedServer.StartAsync(models.Path);
        var body = With("edges");
        byte[] before = Pixels(await server.Client.PostAsync(body));
        body["steps"] = 150;
        string id = await server.Client.BeginAsync(body);
        await Calls.UntilAsync("the job is under way", async () => (await server.Client.JobAsync(id)).GetProperty("status").GetString() != "queued");

        // Half as strong: what adds to the U-Net's middle is nothing any more.
        string file = Path.Combine(Nets, "edges.safetensors"), next = Path.Combine(Nets, "next");
        PackControlNet.Rename(file, next, name => name);
        Clear(next, "controlnet_mid_block.weight");
        File.Move(next, file, overwrite: true);
        await Calls.UntilAsync("the job ended", async () => (await server.Client.JobAsync(id)).GetProperty("status").GetString() is "succeeded" or "failed");
        Assert.Equal("succeeded", (await server.Client.JobAsync(id)).GetProperty("status").GetString());
        await Calls.UntilAsync("the new file is used", async () => !Enumerable.SequenceEqual(before, Pixels(await server.Client.PostAsync(With("edges")))));

        File.Delete(file);
        await Calls.UntilAsync("the ControlNet is gone", async () => (await server.Client.PostAsync(With("edges"))).Status == 422);
    }

    private void AddModel() => Directory.CreateSymbolicLink(
        Path.Combine(models.Path, Model), ConformancePack.PathOf("pipelines", Model, PackModels.Weights));

    private static Dictionary<string, object> Body(Dictionary<string, object> more) => new(more)
    {
        ["model"] = Model, ["prompt"] = "a red fox", ["seed"] = 5, ["steps"] = 6, ["sampler"] = "ddim", ["guidance_scale"] = 7.5,
    };

    private static Dictionary<string, object> With(string net) => Body(new() { ["controls"] = new[] { new { model = net, image = Image } } });

    private static void Clear(string file, string tensor)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int length = (int)BitConverter.ToUInt64(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        var offsets = header.RootElement.GetProperty(tensor).GetProperty("data_offsets");
        bytes.AsSpan(8 + length + offsets[0].GetInt32(), offsets[1].GetInt32() - offsets[0].GetInt32()).Clear();
        File.WriteAllBytes(file, bytes);
    }

    private static byte[] Pixels(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        return PictureDecoder.Decode(answer.Json.GetProperty("images")[0].GetProperty("data").GetBytesFromBase64()).Pixels;
    }
}
