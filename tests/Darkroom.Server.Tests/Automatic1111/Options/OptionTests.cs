using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Imaging;
using Darkroom.Models.Catalog;
using Darkroom.Server.Automatic1111.Options;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Automatic1111.Options;

public sealed class OptionTests
{
    private const string Address = "/sdapi/v1/options", Title = "starter [aabbccddee]";

    [Fact]
    public async Task Every_key_that_clients_read_is_there()
    {
        await using var server = await RunningServer.StartAsync();
        var options = JsonNode.Parse(await server.Client.GetStringAsync(Address))!.AsObject();
        Assert.Equal(Title, (string?)options["sd_model_checkpoint"]);
        Assert.Equal(ScriptedModels.Hash, (string?)options["sd_checkpoint_hash"]);
        Assert.Equal(("Automatic", 1, "GPU", 0), ((string?)options["sd_vae"], (int?)options["CLIP_stop_at_last_layers"], (string?)options["randn_source"],
            (int?)options["eta_noise_seed_delta"]));
        Assert.Equal(("png", 80, true, 10), ((string?)options["samples_format"], (int?)options["jpeg_quality"], (bool?)options["live_previews_enable"],
            (int?)options["show_progress_every_n_steps"]));
        Assert.False((bool?)options["return_grid"]);
    }

    [Fact]
    public async Task What_was_read_can_be_sent_back_as_a_whole()
    {
        await using var server = await RunningServer.StartAsync();
        var before = await server.Client.GetStringAsync(Address);
        using var answer = await server.PostAsync(before, path: Address);
        Assert.Equal("null", await answer.Content.ReadAsStringAsync());
        Assert.Equal(before, await server.Client.GetStringAsync(Address));
    }

    [Theory]
    [InlineData("starter")]
    [InlineData("starter [aabbccddee]")]
    [InlineData("starter.safetensors [aabbccddee]")]
    [InlineData("Starter.safetensors")]
    [InlineData("aabbccddee")]
    [InlineData(ScriptedModels.Hash)]
    public async Task A_model_is_named_by_title_name_or_hash(string name)
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models.Insert(0, ScriptedModels.Starter with { Id = "other" });
        server.Models.States["other"] = new(ModelState.Cold);
        Assert.Equal("other", (string?)(await OptionsAsync(server))["sd_model_checkpoint"]);
        using var answer = await server.PostAsync(new JsonObject { ["sd_model_checkpoint"] = name }.ToJsonString(), path: Address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Title, (string?)(await OptionsAsync(server))["sd_model_checkpoint"]);
    }

    [Fact]
    public async Task Every_wrong_value_is_named_and_then_nothing_is_set()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.PostAsync(
            """
            {"sd_model_checkpoint":"startr","CLIP_stop_at_last_layers":0,"randn_source":"TPU","samples_format":"gif",
            "jpeg_quality":"x","sd_vae":"mine","eta_ddim":2,"live_previews_enable":1}
            """,
            path: Address);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var faults = (await answer.JsonAsync())["detail"]!.AsArray().ToDictionary(one => (string)one!["loc"]![1]!, one => (string)one!["msg"]!);
        Assert.Equal(
            ["CLIP_stop_at_last_layers", "eta_ddim", "jpeg_quality", "live_previews_enable", "randn_source", "samples_format", "sd_model_checkpoint", "sd_vae"],
            faults.Keys.Order(StringComparer.Ordinal));
        Assert.Equal($"sd_model_checkpoint names no model of this server; 'starter' is one. Allowed: one of: {Title}.", faults["sd_model_checkpoint"]);
        Assert.Equal("CLIP_stop_at_last_layers must be a whole number. Allowed: 1…12.", faults["CLIP_stop_at_last_layers"]);
        Assert.Equal("randn_source must be one of its names. Allowed: one of: GPU, CPU, NV.", faults["randn_source"]);

        using var half = await server.PostAsync("""{"jpeg_quality":50,"CLIP_stop_at_last_layers":13}""", path: Address);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, half.StatusCode);
        Assert.Equal(80, (int?)(await OptionsAsync(server))["jpeg_quality"]);
    }

    [Fact]
    public async Task Keys_that_change_nothing_are_named_and_the_rest_is_set()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.PostAsync(
            """{"jpeg_quality":50,"sd_model_checkpont":"x","forge_preset":"sd","return_grid":true,"samples_save":false}""", path: Address);
        var ignored = (await answer.JsonAsync())["ignored"]!.AsObject();
        Assert.Equal("Darkroom has no such option. Did you mean 'sd_model_checkpoint'?", (string?)ignored["sd_model_checkpont"]);
        Assert.Equal("Darkroom has no such option.", (string?)ignored["forge_preset"]);
        Assert.Equal("This is always false here.", (string?)ignored["return_grid"]);
        Assert.Equal(3, ignored.Count);
        Assert.Equal(50, (int?)(await OptionsAsync(server))["jpeg_quality"]);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("[", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.UnprocessableEntity)]
    [InlineData("\"x\"", HttpStatusCode.UnprocessableEntity)]
    public async Task What_is_no_object_is_refused(string body, HttpStatusCode status)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.PostAsync(body, path: Address);
        Assert.Equal(status, answer.StatusCode);
        Assert.True((await answer.JsonAsync()).ContainsKey("detail"));
    }

    [Fact]
    public async Task Nobody_sets_anything_for_others()
    {
        var keys = new TestKeys();
        var (one, two, reader) = (await keys.AddAsync("one"), await keys.AddAsync("two"), await keys.AddAsync("reader", KeyScope.Read));
        await using var server = await RunningServer.StartAsync(keys.Setting);
        using var set = await server.AskAsync(HttpMethod.Post, Address, one, """{"CLIP_stop_at_last_layers":2}""");
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Equal(2, await StopAsync(server, one));
        Assert.Equal(1, await StopAsync(server, two));
        using var refused = await server.AskAsync(HttpMethod.Post, Address, reader, "{}");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var nobody = await server.GetAsync(Address, null);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
    }

    [Fact]
    public void Overrides_stand_over_what_is_set_and_change_nothing_else()
    {
        var set = new A1111Options { ClipStop = 2, Noise = A1111Noise.Cpu, Quality = 70 };
        var faults = new FaultList();
        using var json = JsonDocument.Parse("""{"CLIP_stop_at_last_layers":null,"samples_format":"JPEG","eta_noise_seed_delta":31337,"sd_vae":"None","x":1}""");
        var change = OptionTable.Apply(set, json.RootElement, new(new ScriptedModels(), null), faults, "override_settings.");
        Assert.Empty(faults);
        Assert.Equal(set with { ClipStop = null, Format = PictureFormat.Jpeg, SeedDelta = 31337 }, change.Options);
        Assert.Equal(["x"], change.Ignored.Keys);

        using var wrong = JsonDocument.Parse("""{"sd_model_checkpoint":7}""");
        Assert.Equal(set, OptionTable.Apply(set, wrong.RootElement, new(new ScriptedModels(), null), faults, "override_settings.").Options);
        Assert.Equal("override_settings.sd_model_checkpoint", Assert.Single(faults).Field);
    }

    [Fact]
    public void Callers_beyond_the_limit_push_out_the_oldest()
    {
        var store = new OptionStore();
        var mine = new A1111Options { Quality = 1 };
        for (var i = 0; i <= OptionStore.MaxCallers; i++) Assert.True(store.TryReplace($"caller {i}", A1111Options.Default, mine));
        Assert.Equal(A1111Options.Default, store.Of("caller 0"));
        Assert.Equal(mine, store.Of("caller 1"));
        Assert.False(store.TryReplace("caller 1", A1111Options.Default, mine));
        Assert.True(store.TryReplace("caller 1", mine, A1111Options.Default));
        Assert.Equal(A1111Options.Default, store.Of("caller 1"));
    }

    private static async Task<JsonObject> OptionsAsync(RunningServer server) => JsonNode.Parse(await server.Client.GetStringAsync(Address))!.AsObject();

    private static async Task<int?> StopAsync(RunningServer server, string key)
    {
        using var answer = await server.GetAsync(Address, key);
        return (int?)(await answer.JsonAsync())["CLIP_stop_at_last_layers"];
    }
}
