using System.Net;
using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Models.Pool;
using Darkroom.Server.Tests.Scripted;
using Darkroom.TestKit;

namespace Darkroom.Server.Tests.Generation.Validation;

/// <summary>Whatever <c>darkroom.json</c> may set shows in a request that leaves it out, from the file to the answer.</summary>
public sealed class ModelDefaultsTests
{
    // Each is another value than the server's own, but for compatibility: another one sets others of these.
    private const string Defaults = """
        {
          "negative_prompt": "blur", "width": 96, "height": 80, "steps": 12, "guidance_scale": 3.5, "guidance_rescale": 0.25, "guidance_interval": [0.25, 0.75],
          "sampler": "euler_ancestral", "schedule": "karras", "eta": 0.5, "seed": 77, "count": 2, "noise_source": "torch_cuda", "clip_skip": 1,
          "prompt_style": "plain", "compatibility": "diffusers", "format": "webp", "quality": 55, "bit_depth": 16, "metadata": false,
          "upscale": { "model": "realesr-animevideov3-x4", "scale": 2 }, "return": "url", "priority": "high", "deadline": 300, "preview_every": 5,
          "strength": 0.5, "resize_mode": "pad", "mask_mode": "black", "mask_blur": 8, "mask_grow": 3, "fill": "blur",
          "area": "masked", "padding": 16, "feather": 5
        }
        """;

    private static readonly string[] Tasks = ["txt2img", "img2img", "inpaint", "outpaint"];

    [Fact]
    public void The_test_sets_every_default_that_this_family_takes() =>
        Assert.Equal(
            FieldTable.All.Where(row => row is { ModelSets: true, NeedsCapability: false }).Select(row => row.Name).Order(),
            JsonNode.Parse(Defaults)!.AsObject().Select(entry => entry.Key).Order());

    [Fact]
    public async Task Every_default_of_a_models_file_is_seen_in_a_request()
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models[0] = ModelWith(Defaults);
        Assert.Null(server.Models.Models[0].Fault);
        var wanted = JsonNode.Parse(Defaults)!.AsObject();
        var seen = new HashSet<string>();
        foreach (var task in Tasks)
        {
            var told = await ParametersAsync(server, TaskBody.Least(task));
            foreach (var row in FieldTable.Of(Enum.Parse<FieldTasks>(task, ignoreCase: true)).Where(row => row.ModelSets))
            {
                // Pictures that came with the request are brought to no other size; upscaling is a default of txt2img alone.
                if (row.Name == "resize_mode" || (row.Name == "upscale" && task != "txt2img")) continue;
                if (row.NeedsCapability) continue;
                // A webp holds 8 bits: of two defaults that do not go together the depth gives way.
                if (row.Name == "bit_depth") Assert.Equal(8, (int)told[row.Name]!);
                else Assert.True(JsonNode.DeepEquals(wanted[row.Name], told[row.Name]), $"{task} {row.Name}: {told[row.Name]?.ToJsonString()}");
                seen.Add(row.Name);
            }
        }
        var sized = await ParametersAsync(server, TaskBody.Least("img2img").With("width", 96));
        Assert.Equal("pad", (string?)sized["resize_mode"]);
        Assert.Equal(wanted.Select(entry => entry.Key).Order(), seen.Append("resize_mode").Order());
    }

    [Fact]
    public async Task A_request_has_the_last_word()
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models[0] = ModelWith(Defaults);
        var told = await ParametersAsync(server, TaskBody.Least("txt2img")
            .With("negative_prompt", "").With("seed", -1).With("sampler", "default").With("schedule", "default")
            .With("upscale", null).With("count", 1).With("metadata", true));
        Assert.Equal(
            """["",1234,"ddim","default",null,1,true]""",
            new JsonArray([.. ((string[])["negative_prompt", "seed", "sampler", "schedule", "upscale", "count", "metadata"])
                .Select(name => told[name]?.DeepClone())]).ToJsonString());
    }

    [Fact]
    public async Task Defaults_give_way_to_an_answer_that_is_one_picture()
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models[0] = ModelWith(Defaults);
        using var response = await server.PostAsync("""{"prompt":"a fox"}""", accept: "image/png");
        Assert.Equal((HttpStatusCode.OK, "image/png"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(1, server.Queue.Asked.Single().Count);
        using var any = await server.PostAsync("""{"prompt":"a fox"}""", accept: "image/*");
        Assert.Equal("image/webp", any.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_models_defaults_are_listed()
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models[0] = ModelWith(Defaults);
        var listed = JsonNode.Parse(await server.Client.GetStringAsync("/v1/models/starter"))!["defaults"]!;
        Assert.All(JsonNode.Parse(Defaults)!.AsObject(), entry => Assert.True(JsonNode.DeepEquals(entry.Value, listed[entry.Key]), entry.Key));
    }

    private static async Task<JsonObject> ParametersAsync(RunningServer server, TaskBody body)
    {
        using var response = await server.Client.PostAsync(body.Path, body.Json());
        var answer = await response.JsonAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer.ToJsonString());
        return answer["parameters"]!.AsObject();
    }

    /// <summary>The starter as its folder describes it, with other defaults.</summary>
    private static ModelDescription ModelWith(string defaults)
    {
        var folder = Directory.CreateTempSubdirectory("darkroom").CreateSubdirectory("starter").FullName;
        var source = Path.Combine(Repository.Root, "models", "starter");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.CreateSymbolicLink(copy, file);
        }
        var notes = Path.Combine(folder, "darkroom.json");
        var json = JsonNode.Parse(File.ReadAllText(notes))!.AsObject();
        json["defaults"] = JsonNode.Parse(defaults);
        File.Delete(notes);
        File.WriteAllText(notes, json.ToJsonString());
        return ModelFolder.Read(folder);
    }
}
