using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Darkroom.TestKit;
using Darkroom.Imaging;
using Darkroom.Imaging.Masks;

namespace Darkroom.EndToEnd.Conformance;

/// <summary>
/// The pack's txt2img, img2img and inpaint cases as a client asks for them: the built server, its own models path over the pack's folders, pictures in
/// base64 and again as files of a form, and the pixels that come back against diffusers'.
/// </summary>
[Trait("Category", "Conformance")]
public sealed class HttpConformance
{
    /// <summary>Pictures of the repository's own pack that no request can ask for; any other that is left out fails the test.</summary>
    private static readonly string[] LeftOut =
    [
        "ddpm-tiny/uncond-ddim-8-eta-0.5-0.png: " + OneGenerator,
        "ddpm-tiny/uncond-ddim-8-eta-0.5-1.png: " + OneGenerator,
        "ddpm-tiny/uncond-ddpm-25-0.png: " + OneGenerator,
        "ddpm-tiny/uncond-ddpm-25-1.png: " + OneGenerator,
        "dit-tiny/class-ddim-10-4.0-0.png: " + OneGenerator,
        "dit-tiny/class-ddim-10-4.0-1.png: " + OneGenerator,
        "dit-tiny/class-euler-8-0.png: " + OneGenerator,
        "dit-tiny/class-euler-8-1.png: " + OneGenerator,
        "sd15-inpaint-tiny/inpaint9-batch-generators-1.png: " + Shared,
        "sd15-tiny/img2img-batch-one-generator-0.png: " + OneGenerator,
        "sd15-tiny/img2img-batch-one-generator-1.png: " + OneGenerator,
        "sd15-tiny/img2img-dpmpp_sde-0.6-0.png: " + OwnPath,
        "sd15-tiny/inpaint4-batch-generators-1.png: " + Shared,
        "sd15-tiny/txt2img-batch-one-generator-0.png: " + OneGenerator,
        "sd15-tiny/txt2img-batch-one-generator-1.png: " + OneGenerator,
        "sd15-tiny/txt2img-batch-one-generator-2.png: " + OneGenerator,
        "sd15-tiny/txt2img-dpmpp_sde-0.png: " + OwnPath,
        "sd15-tiny/txt2img-latents-given-0.png: starting latents are given",
        "sd21-tiny/txt2img-ddim-zsnr-trailing-0.png: zero terminal SNR is the model's, not the request's",
        "sd21-tiny/txt2img-pndm-0.png: PNDM's first steps by Runge-Kutta are the model's to say, and it does not",
    ];

    private const string
        OneGenerator = "one generator draws for several pictures: here every picture has a seed",
        OwnPath = "the Brownian tree has a seed of its own: here it has the picture's",
        Shared = "the first picture's generator draws the posteriors of all: here every picture draws its own";

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PackModels.Graphs)]
    [InlineData(PackModels.Weights)]
    [InlineData(PackModels.OneFile)]
    public async Task Every_case_that_a_request_can_ask_for_is_met_over_HTTP(string layout)
    {
        using var models = new ModelsFolder();
        string root = Path.Combine(ConformancePack.Root, "pipelines");
        if (!Directory.Exists(root)) return; // another pack may have none
        AddModels(models.Path, root, layout);
        await using var server = await StartedServer.StartAsync(models.Path);

        var (failures, leftOut, families) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var entry in (await server.Client.FetchAsync("/v1/models")).Succeeded().GetProperty("data").EnumerateArray())
        {
            if (entry.GetProperty("state").GetString() == "failed") continue; // a family that is not built
            string family = entry.GetProperty("id").GetString()!;
            families.Add(family);
            foreach (string name in ConformancePack.CaseNames("pipelines", family, "cases"))
            {
                var json = ConformancePack.Json("pipelines", family, "cases", name + ".json");
                if (!PackRequest.IsCovered(json)) continue;
                try
                {
                    await RunAsync(server.Client, layout, family, name, json, leftOut);
                }
                catch (Exception e) when (e is ConformanceException or Xunit.Sdk.XunitException)
                {
                    failures.Add($"{layout}: {name}: {e.Message}");
                }
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
        if (ConformancePack.IsOwn && layout == PackModels.OneFile)
            Assert.Equal(["flux-tiny", "ip2p-tiny", "lcm-tiny", "sd15-inpaint-tiny", "sd15-tiny", "sd21-tiny", "sd3-tiny", "sdxl-tiny"],
                families.Where(family => family != "controlnet-sd15-tiny").Order(StringComparer.Ordinal));
        if (ConformancePack.IsOwn) Assert.Equal(LeftOut.Where(one => families.Contains(one[..one.IndexOf('/')])), leftOut.Order(StringComparer.Ordinal));
    }

    /// <summary>The pack's models in a layout, each under the name of its family.</summary>
    private static void AddModels(string models, string root, string layout)
    {
        using var pack = new PackModels();
        foreach (string family in Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)))
        {
            if (pack.PathOf(family, layout) is not { } path) continue;
            // Files of several families have one name: a prompt means the one that fits its model.
            string embeddings = Path.Combine(root, family, "embeddings");
            if (Directory.Exists(embeddings)) Copy(embeddings, Path.Combine(models, "embeddings", family));
            if (layout == PackModels.OneFile) Copy(Path.GetDirectoryName(path)!, Path.Combine(models, "files", family));
            else Directory.CreateSymbolicLink(Path.Combine(models, family), path);
        }
        if (Directory.Exists(Path.Combine(root, PackControlNet.Family))) AddControlNet(models, pack, layout);
        AddLoras(models, root);
    }

    private static void AddLoras(string models, string root)
    {
        string loras = Directory.CreateDirectory(Path.Combine(models, "loras")).FullName;
        foreach (string family in Directory.EnumerateDirectories(root).Where(family => Directory.Exists(Path.Combine(family, "lora"))))
            foreach (string file in Directory.EnumerateFiles(Path.Combine(family, "lora"), "*.safetensors"))
                File.Copy(file, Path.Combine(loras, PackRequest.LoraId(Path.GetFileName(family), file) + ".safetensors"));
    }

    /// <summary>The pack's ControlNet, and its base model; as graphs, with the U-Net that was exported to take what it adds.</summary>
    private static void AddControlNet(string models, PackModels pack, string layout)
    {
        const string family = PackControlNet.Family, whole = "sd15-tiny";
        PackControlNet.Place(models, PackRequest.ControlNetId, layout switch
        {
            PackModels.Graphs => PackControlNet.Graph,
            PackModels.Weights => PackControlNet.Folder,
            _ => PackControlNet.OwnNamesWithPrefix,
        });
        string path = pack.PathOf(whole, layout)!;
        if (layout != PackModels.OneFile)
        {
            Copy(path, Path.Combine(models, family));
            if (layout == PackModels.Graphs) Copy(ConformancePack.PathOf("pipelines", family, "onnx", "unet"), Path.Combine(models, family, "unet"));
            return;
        }
        string folder = Path.Combine(models, "files", family);
        Copy(Path.GetDirectoryName(path)!, folder);
        foreach (string ending in (string[])[".safetensors", ".darkroom.json"])
            File.Move(Path.Combine(folder, whole + ending), Path.Combine(folder, family + ending));
    }

    private static void Copy(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    private static async Task RunAsync(HttpClient client, string layout, string family, string name, JsonElement json, List<string> leftOut)
    {
        string[] pictures = [.. json.GetProperty("pictures").EnumerateArray().Select(file => file.GetString()!)];
        string?[] reasons = [.. pictures.Select((_, i) => PackRequest.Inexpressible(json, i))];
        leftOut.AddRange(pictures.Zip(reasons).Where(pair => pair.Second is not null).Select(pair => $"{family}/{pair.First}: {pair.Second}"));
        if (reasons.All(reason => reason is not null)) return;
        string task = PackRequest.TaskOf(json);
        using var measure = new Measure($"http/{family}/{layout}/{task}", name);
        byte[]? image = PackRequest.Sent(json, "image"), mask = PackRequest.Sent(json, "mask_image");
        for (int i = 0; i < pictures.Length; i++)
        {
            if (reasons[i] is not null) continue;
            var fields = PackRequest.Fields(json, i);
            byte[] answer = await AsJsonAsync(client, task, fields, image, mask);
            if (image is not null) measure.Equal("form and JSON", Convert.ToHexString(answer),
                Convert.ToHexString(await AsFormAsync(client, task, fields, image, mask)));

            string file = pictures[i];
            var golden = PictureDecoder.Decode(File.ReadAllBytes(ConformancePack.PathOf("pipelines", family, "cases", file)));
            // diffusers lays the picture back over its own only where it cropped; here what was not to be repainted always comes back as it was sent.
            if (mask is not null && fields["area"] is "whole")
                golden = Overlay.Apply(ChannelConversion.ToGrey(PictureDecoder.Decode(mask)), PictureDecoder.Decode(image!).Flatten(255, 255, 255), golden);
            var picture = PictureDecoder.Decode(answer);
            measure.Equal($"{file} size", (golden.Width, golden.Height, golden.Channels), (picture.Width, picture.Height, picture.Channels));
            measure.Pixels(file, golden.Pixels, picture.Pixels);
        }
    }

    private static Task<byte[]> AsJsonAsync(HttpClient client, string task, Dictionary<string, object> fields, byte[]? image, byte[]? mask)
    {
        var body = new Dictionary<string, object>(fields);
        if (image is not null) body["image"] = Convert.ToBase64String(image);
        if (mask is not null) body["mask"] = "data:image/png;base64," + Convert.ToBase64String(mask);
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        content.Headers.ContentType = new("application/json");
        return PostAsync(client, task, content);
    }

    private static async Task<byte[]> AsFormAsync(HttpClient client, string task, Dictionary<string, object> fields, byte[] image, byte[]? mask)
    {
        (string, byte[])[] files = mask is null ? [("image", image)] : [("image", image), ("mask", mask)];
        return (await client.FormAsync(task, files,
            [.. fields.Select(field => (field.Key, string.Create(CultureInfo.InvariantCulture, $"{field.Value}")))])).Bytes;
    }

    private static async Task<byte[]> PostAsync(HttpClient client, string task, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/{task}") { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/png"));
        using var response = await client.SendAsync(request, Cancellation);
        byte[] bytes = await response.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, System.Text.Encoding.UTF8.GetString(bytes));
        return bytes;
    }
}
