using Darkroom.Server.Configuration;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Security.Keys;

/// <summary>Beyond this machine the server listens with keys, or when it was told to let everybody in.</summary>
public sealed class ListeningTests
{
    private static readonly (string, string) Everywhere = ("urls", "http://0.0.0.0:0");

    [Fact]
    public async Task Beyond_this_machine_it_does_not_start_without_keys()
    {
        var fault = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.StartAsync(Everywhere));
        Assert.Equal("The address 'http://0.0.0.0:0' is reached from other machines, and there are no keys: "
            + "make one by 'darkroom keys add NAME' (or set Darkroom:ApiKey), or let everybody in by --insecure (Darkroom:Insecure=true).", fault.Message);
    }

    [Fact]
    public async Task With_insecure_it_lets_everybody_in_and_says_so()
    {
        await using var server = await RunningServer.StartAsync(Everywhere, ("Darkroom:Insecure", "true"));
        using var answer = await server.GetAsync(Here(server, "/v1/jobs"), null);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains("it has no keys, and listens beyond this machine", server.Log.All);
    }

    [Fact]
    public async Task With_a_key_it_listens_and_asks_for_it()
    {
        var keys = new TestKeys();
        var alice = await keys.AddAsync("alice");
        await using var server = await RunningServer.StartAsync(keys.Setting, Everywhere);
        using var none = await server.GetAsync(Here(server, "/v1/jobs"), null);
        using var right = await server.GetAsync(Here(server, "/v1/jobs"), alice);
        Assert.Equal((401, 200), ((int)none.StatusCode, (int)right.StatusCode));
        Assert.DoesNotContain("it has no keys, and listens", server.Log.All);

        Assert.True(await keys.Store.RemoveAsync("alice", default));
        using var gone = await server.GetAsync(Here(server, "/v1/jobs"), alice);
        Assert.Equal(401, (int)gone.StatusCode);
    }

    [Fact]
    public async Task A_broken_file_of_keys_ends_the_start()
    {
        var keys = new TestKeys();
        await File.WriteAllTextAsync(keys.File, "{");
        var fault = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.StartAsync(keys.Setting, ("Darkroom:Insecure", "true")));
        Assert.Equal($"The keys in {keys.File} cannot be read: it is broken at line 1. "
            + "Put a good copy there, or delete it and make new keys by: darkroom keys add NAME.", fault.Message);
    }

    [Fact]
    public async Task The_one_key_of_the_settings_generates_and_reads()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("darkroom-secret-").FullName, "key");
        await File.WriteAllTextAsync(file, "chosen-by-a-person\n");
        foreach (var setting in ((string, string)[])[("Darkroom:ApiKey", "chosen-by-a-person"), ("Darkroom:ApiKey_FILE", file), ("Darkroom:ApiKey:File", file)])
        {
            await using var server = await RunningServer.StartAsync(setting, Everywhere);
            using var none = await server.GetAsync(Here(server, "/v1/jobs"), null);
            using var made = await server.AskAsync(HttpMethod.Post, Here(server, "/v1/txt2img"), "chosen-by-a-person", """{"prompt":""}""");
            using var list = await server.GetAsync(Here(server, "/v1/jobs"), "chosen-by-a-person");
            Assert.Equal((401, 200, 200), ((int)none.StatusCode, (int)made.StatusCode, (int)list.StatusCode));
            Assert.Equal("key:settings", server.Queue.Asked.Single().Caller);
        }
    }

    [Fact]
    public async Task The_metrics_key_of_the_settings_reads_the_metrics_and_nothing_else()
    {
        await using var server = await RunningServer.StartAsync(
            ("Darkroom:ApiKey", "chosen-by-a-person"), ("Darkroom:MetricsKey", "chosen-for-a-scraper"), Everywhere);
        using var scraped = await server.GetAsync(Here(server, "/metrics"), "chosen-for-a-scraper");
        using var list = await server.GetAsync(Here(server, "/v1/jobs"), "chosen-for-a-scraper");
        using var usual = await server.GetAsync(Here(server, "/metrics"), "chosen-by-a-person");
        Assert.Equal((200, 403, 403), ((int)scraped.StatusCode, (int)list.StatusCode, (int)usual.StatusCode));
    }

    [Theory]
    [InlineData("Darkroom:MetricsKey", "tooshort", "Darkroom:MetricsKey must have 16…256 letters, digits and signs, and no spaces.")]
    [InlineData("Darkroom:ApiKey", "tooshort", "Darkroom:ApiKey must have 16…256 letters, digits and signs, and no spaces.")]
    [InlineData("Darkroom:ApiKey", "with spaces in its text", "Darkroom:ApiKey must have 16…256")]
    [InlineData("Darkroom:ApiKey_FILE", "/nowhere/key", "Darkroom:ApiKey_FILE is '/nowhere/key', and that file cannot be read.")]
    [InlineData("Darkroom:ApiKey_FILE", "/dev/null", "Darkroom:ApiKey must have 16…256")]
    [InlineData("Darkroom:Insecure", "maybe", "Darkroom:Insecure is 'maybe', and must be true or false.")]
    public async Task A_setting_that_would_not_protect_is_a_fault_that_does_not_quote_the_key(string key, string value, string sentence)
    {
        var fault = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.StartAsync((key, value)));
        Assert.StartsWith(sentence, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("tooshort", fault.Message);
    }

    // 0.0.0.0 is no address to call.
    private static string Here(RunningServer server, string path) => $"http://127.0.0.1:{server.Client.BaseAddress!.Port}{path}";
}
