using Darkroom.Server.Configuration;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Server.Tests.Security.Keys;

/// <summary>When a first key is made; what is shown of it is looked at from outside, in the end-to-end tests.</summary>
public sealed class FirstKeyTests
{
    // With a log to the console, which this test then keeps silent.
    private static readonly (string, string)[] Wanted =
        [("urls", "http://0.0.0.0:0"), ("Darkroom:FirstKey", "true"), ("Darkroom:LogFormat", "json"), ("Serilog:MinimumLevel:Default", "Fatal"),
            ("Serilog:MinimumLevel:Override:Microsoft", "Fatal")];

    private readonly TestKeys keys = new();

    [Fact]
    public async Task It_is_made_once_and_generates_and_reads()
    {
        var text = await FirstKey.MakeAsync(keys.Store, DateTimeOffset.UnixEpoch);
        var key = Assert.Single(await keys.Store.ListAsync(default));
        Assert.Equal(("first", KeyScope.Generate | KeyScope.Read, true), (key.Name, key.Scopes, key.Hash.Matches(KeyHash.Of(text!))));
        Assert.DoesNotContain(text!, await File.ReadAllTextAsync(keys.File));
        Assert.Null(await FirstKey.MakeAsync(keys.Store, DateTimeOffset.UnixEpoch));
        Assert.Single(await keys.Store.ListAsync(default));
    }

    [Fact]
    public async Task A_server_that_others_reach_and_that_never_had_a_key_needs_one()
    {
        await using var server = await RunningServer.StartAsync([keys.Setting, .. Wanted]);
        Assert.True(IsNeeded(server.App));
        // Until it is made nobody gets in.
        using var answer = await server.GetAsync($"http://127.0.0.1:{server.Client.BaseAddress!.Port}/v1/jobs", null);
        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("Darkroom:Insecure", "true")]
    [InlineData("Darkroom:ApiKey", "chosen-by-a-person")]
    [InlineData("urls", "http://127.0.0.1:0")]
    public async Task One_that_has_another_way_in_needs_none(string setting, string value)
    {
        await using var server = await RunningServer.StartAsync([keys.Setting, .. Wanted, (setting, value)]);
        Assert.False(IsNeeded(server.App));
    }

    [Fact]
    public async Task One_that_has_a_key_needs_none()
    {
        await keys.AddAsync("alice");
        await using var server = await RunningServer.StartAsync([keys.Setting, .. Wanted]);
        Assert.False(IsNeeded(server.App));
    }

    [Theory]
    [InlineData("Darkroom:FirstKey", "false")]
    [InlineData("Darkroom:LogFormat", "off")] // nobody would see it
    public async Task Without_it_the_start_asks_for_a_key_as_ever(string setting, string value)
    {
        var fault = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.StartAsync([keys.Setting, .. Wanted, (setting, value)]));
        Assert.Contains("and there are no keys", fault.Message);
        Assert.False(File.Exists(keys.File));
    }

    [Fact]
    public async Task A_file_that_somebody_emptied_stays_empty()
    {
        await keys.AddAsync("alice");
        await keys.Store.RemoveAsync("alice", default);
        var fault = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.StartAsync([keys.Setting, .. Wanted]));
        Assert.Contains("and there are no keys", fault.Message);
    }

    private static bool IsNeeded(WebApplication app) =>
        StartChecks.NeedsFirstKey(app.Configuration, app.Services.GetRequiredService<DarkroomSettings>());
}
