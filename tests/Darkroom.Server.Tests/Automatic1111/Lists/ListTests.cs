using System.Net;
using System.Text.Json.Nodes;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Server.Tests.Automatic1111.Lists;

public sealed class ListTests
{
    [Theory]
    [InlineData("samplers", "name aliases options")]
    [InlineData("schedulers", "name label aliases default_rho need_inner_model")]
    [InlineData("upscalers", "name model_name model_path model_url scale")]
    [InlineData("realesrgan-models", "name path scale")]
    [InlineData("latent-upscale-modes", "name")]
    [InlineData("sd-models", "title model_name hash sha256 filename config")]
    [InlineData("sd-vae", "model_name filename")]
    [InlineData("loras", "name alias path metadata")]
    public async Task Entries_have_the_keys_that_clients_read(string list, string keys)
    {
        await using var server = await StartAsync();
        var entries = (await ListAsync(server, list)).AsArray();
        Assert.NotEmpty(entries);
        Assert.All(entries, entry => Assert.Equal(keys.Split(' '), entry!.AsObject().Select(property => property.Key)));
    }

    [Theory]
    [InlineData("hypernetworks")]
    [InlineData("face-restorers")]
    [InlineData("prompt-styles")]
    [InlineData("extensions")]
    public async Task What_there_is_none_of_is_an_empty_list(string list)
    {
        await using var server = await StartAsync();
        Assert.Empty((await ListAsync(server, list)).AsArray());
    }

    [Fact]
    public async Task Samplers_and_schedulers_have_their_names_there()
    {
        await using var server = await StartAsync();
        var samplers = (await ListAsync(server, "samplers")).AsArray().ToDictionary(one => (string)one!["name"]!, one => one!);
        Assert.Equal(["k_euler_a", "k_euler_ancestral"], samplers["Euler a"]["aliases"]!.AsArray().Select(alias => (string?)alias));
        Assert.Equal("karras", (string?)samplers["DPM++ 2M"]["options"]!["scheduler"]);
        Assert.Equal("True", (string?)samplers["DPM++ SDE"]["options"]!["brownian_noise"]);
        Assert.Empty(samplers["Euler"]["options"]!.AsObject());
        foreach (var name in (string[])["DPM++ SDE", "DPM++ 2M SDE", "DPM++ 2S a", "DPM++ 3M SDE", "LMS", "Heun", "DPM2", "DPM2 a", "DPM fast", "DPM adaptive",
            "Restart", "DDIM", "PLMS", "UniPC", "LCM"])
            Assert.Contains(name, samplers.Keys);
        var schedulers = (await ListAsync(server, "schedulers")).AsArray();
        Assert.Equal(["automatic", "uniform", "karras", "exponential", "polyexponential", "sgm_uniform", "kl_optimal", "align_your_steps", "simple", "normal",
            "ddim", "beta"], schedulers.Take(12).Select(one => (string?)one!["name"]));
        Assert.Equal((7.0, "SGM Uniform", "SGMUniform"), ((double?)schedulers[2]!["default_rho"], (string?)schedulers[5]!["label"],
            (string?)schedulers[5]!["aliases"]![0]));
        Assert.Null(schedulers[2]!["aliases"]);
    }

    [Fact]
    public async Task Models_are_told_with_their_hash_once_it_is_known_and_without_those_that_cannot_be_used()
    {
        await using var server = await StartAsync();
        server.Models.Models.Add(ScriptedModels.Starter with { Id = "cold" });
        server.Models.States["cold"] = new(ModelState.Cold);
        server.Models.Models.Add(new() { Id = "broken", Title = "broken", Fault = "no" });
        var models = (await ListAsync(server, "sd-models")).AsArray();
        Assert.Equal(["starter [aabbccddee]", "cold"], models.Select(one => (string?)one!["title"]));
        Assert.Equal(("aabbccddee", ScriptedModels.Hash), ((string?)models[0]!["hash"], (string?)models[0]!["sha256"]));
        Assert.Null(models[1]!["hash"]);
        Assert.Equal(["coarse", "fine", "fixed", "half", "sixteen"], (await ListAsync(server, "sd-vae")).AsArray().Select(one => (string?)one!["model_name"]));
    }

    [Fact]
    public async Task Upscalers_stand_under_their_titles()
    {
        await using var server = await StartAsync();
        var upscalers = (await ListAsync(server, "upscalers")).AsArray();
        Assert.Equal(["None", "Lanczos", "Nearest", "AnimeVideo v3", "Dropped in"], upscalers.Select(one => (string?)one!["name"]));
        Assert.Null(upscalers[0]!["model_path"]);
        Assert.Equal(["AnimeVideo v3", "Dropped in"], (await ListAsync(server, "realesrgan-models")).AsArray().Select(one => (string?)one!["name"]));
    }

    [Fact]
    public async Task Embeddings_are_told_by_whether_the_model_can_use_them()
    {
        await using var server = await StartAsync();
        server.Models.Models[0] = ScriptedModels.Starter with
        {
            TextEncoders = [new("text_encoder", 12, 768, null)], Capabilities = new() { Embeddings = true },
        };
        var embeddings = await ListAsync(server, "embeddings");
        Assert.Equal(["Three-Part", "toys"], embeddings["loaded"]!.AsObject().Select(one => one.Key));
        Assert.Equal((768, 3), ((int?)embeddings["loaded"]!["Three-Part"]!["shape"], (int?)embeddings["loaded"]!["Three-Part"]!["vectors"]));
        Assert.Contains("large", embeddings["skipped"]!.AsObject().Select(one => one.Key));
    }

    [Fact]
    public async Task Memory_scripts_and_flags_have_their_shapes()
    {
        await using var server = await StartAsync();
        var memory = await ListAsync(server, "memory");
        Assert.Equal((long?)memory["ram"]!["total"], (long?)memory["ram"]!["free"] + (long?)memory["ram"]!["used"]);
        Assert.NotEqual("", (string?)memory["cuda"]!["error"]);
        var scripts = await ListAsync(server, "scripts");
        Assert.Equal("""{"txt2img":["controlnet"],"img2img":["controlnet"]}""", scripts.ToJsonString());
        Assert.Equal([false, true], (await ListAsync(server, "script-info")).AsArray().Select(one => (bool)one!["is_img2img"]!));
        var flags = await ListAsync(server, "cmd-flags");
        Assert.True((bool?)flags["api"]);
        Assert.Equal(server.Client.BaseAddress!.Port, (int?)flags["port"]);
    }

    [Theory]
    [InlineData("refresh-checkpoints")]
    [InlineData("refresh-vae")]
    [InlineData("refresh-loras")]
    [InlineData("refresh-embeddings")]
    public async Task Refreshing_answers_null(string name)
    {
        await using var server = await StartAsync();
        using var answer = await server.PostAsync("", path: "/sdapi/v1/" + name);
        Assert.Equal((HttpStatusCode.OK, "null"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("interrogate")]
    [InlineData("create/embedding")]
    [InlineData("create/hypernetwork")]
    [InlineData("train/embedding")]
    [InlineData("train/hypernetwork")]
    [InlineData("server-kill")]
    [InlineData("server-restart")]
    [InlineData("server-stop")]
    public async Task What_is_not_offered_says_why(string name)
    {
        await using var server = await StartAsync();
        using var answer = await server.PostAsync("{}", path: "/sdapi/v1/" + name);
        Assert.Equal(HttpStatusCode.NotImplemented, answer.StatusCode);
        var error = await answer.JsonAsync();
        Assert.Equal("not_offered", (string?)error["error"]);
        Assert.True(((string?)error["detail"])!.Length > 20);
    }

    [Fact]
    public async Task Models_leave_memory_on_an_administrators_word_alone()
    {
        var keys = new TestKeys();
        var (user, admin) = (await keys.AddAsync("user"), await keys.AddAsync("admin", KeyScope.Admin));
        await using var server = await RunningServer.StartAsync(keys.Setting);
        foreach (var name in (string[])["unload-checkpoint", "reload-checkpoint"])
        {
            using var refused = await server.AskAsync(HttpMethod.Post, "/sdapi/v1/" + name, user, "");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            using var without = await server.AskAsync(HttpMethod.Post, "/sdapi/v1/" + name, admin, "");
            Assert.Equal("no_models_here", (string?)(await without.JsonAsync())["error"]); // the scripted engine has no devices
        }
    }

    [Fact]
    public async Task Nothing_is_there_where_the_surface_is_off()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Automatic1111:Enabled", "false"));
        using var answer = await server.Client.GetAsync("/sdapi/v1/options");
        await answer.ProblemAsync(404, "not_found");
    }

    private static Task<RunningServer> StartAsync() => RunningServer.StartAsync(
        services => services.AddSingleton<IAutoencoderDirectory>(new ScriptedAutoencoders()));

    private static async Task<JsonNode> ListAsync(RunningServer server, string list) =>
        JsonNode.Parse(await server.Client.GetStringAsync("/sdapi/v1/" + list))!;
}
