using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Security.Keys;

/// <summary>The file of keys under a running server: what changes in it counts at once, and no state of it lets anybody in who had no key.</summary>
public sealed class KeyFileTests
{
    [Fact]
    public async Task A_key_that_is_added_closes_a_running_server_and_one_that_is_removed_ends_at_once()
    {
        var keys = new TestKeys();
        await using var server = await RunningServer.StartAsync(keys.Setting);
        Assert.Equal(200, await StatusAsync(server, null));
        var alice = await keys.AddAsync("alice");
        Assert.Equal((401, 200), (await StatusAsync(server, null), await StatusAsync(server, alice)));
        var bob = await keys.AddAsync("bob");
        Assert.Equal((200, 200), (await StatusAsync(server, alice), await StatusAsync(server, bob)));
        Assert.True(await keys.Store.RemoveAsync("alice", default));
        Assert.Equal((401, 200), (await StatusAsync(server, alice), await StatusAsync(server, bob)));
    }

    [Fact]
    public async Task A_server_that_had_keys_does_not_open_when_the_last_one_goes_or_the_file()
    {
        var keys = new TestKeys();
        var alice = await keys.AddAsync("alice");
        await using var server = await RunningServer.StartAsync(keys.Setting);
        Assert.Equal(200, await StatusAsync(server, alice));
        Assert.True(await keys.Store.RemoveAsync("alice", default));
        Assert.Equal((401, 401), (await StatusAsync(server, null), await StatusAsync(server, alice)));
        File.Delete(keys.File);
        Assert.Equal((401, 401), (await StatusAsync(server, null), await StatusAsync(server, alice)));
    }

    public static TheoryData<string> Broken => new()
    {
        "", "{", "null", "[]", "{}", """{"version":2,"keys":[]}""", """{"version":1}""", """{"version":1,"keys":[],"keys":[]}""",
        """{"version":1,"keys":[{}]}""", """{"version":1,"keys":[null]}""",
        """{"version":1,"keys":[{"id":"a","name":"a","scopes":["everything"],"hash":"HASH","created_at":"2026-01-01T00:00:00Z"}]}""",
        """{"version":1,"keys":[{"id":"a","name":"a","scopes":[],"hash":"HASH","created_at":"2026-01-01T00:00:00Z"}]}""",
        """{"version":1,"keys":[{"id":"a","name":"a","scopes":["read"],"hash":"dk_text","created_at":"2026-01-01T00:00:00Z"}]}""",
        """{"version":1,"keys":[{"id":"a","name":"a","scopes":["read"],"hash":"HASH","created_at":"2026-01-01T00:00:00Z","admin":true}]}""",
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_file_that_breaks_leaves_the_keys_that_were_read_last_and_lets_nobody_else_in(string text)
    {
        var keys = new TestKeys();
        var alice = await keys.AddAsync("alice");
        await using var server = await RunningServer.StartAsync(keys.Setting);
        Assert.Equal(200, await StatusAsync(server, alice));
        await File.WriteAllTextAsync(keys.File, text.Replace("HASH", KeyHash.Of("x").ToString(), StringComparison.Ordinal));
        for (var i = 0; i < 3; i++)
            Assert.Equal((401, 401, 200), (await StatusAsync(server, null), await StatusAsync(server, "x"), await StatusAsync(server, alice)));
        Assert.Single(server.Log.Lines, line => line.Contains("cannot be read", StringComparison.Ordinal));

        File.Delete(keys.File);
        var bob = await keys.AddAsync("bob");
        Assert.Equal((200, 401), (await StatusAsync(server, bob), await StatusAsync(server, alice)));
    }

    [Fact]
    public async Task A_broken_file_that_appears_closes_a_server_without_keys()
    {
        var keys = new TestKeys();
        await using var server = await RunningServer.StartAsync(keys.Setting);
        Assert.Equal(200, await StatusAsync(server, null));
        await File.WriteAllTextAsync(keys.File, "not JSON");
        Assert.Equal(401, await StatusAsync(server, null));
    }

    [Fact]
    public async Task The_file_is_its_owners_alone_and_holds_no_key()
    {
        var keys = new TestKeys();
        await File.WriteAllTextAsync(keys.File + ".new", "of a process that was killed");
        var alice = await keys.AddAsync("alice");
        var text = await File.ReadAllTextAsync(keys.File);
        Assert.DoesNotContain(alice[KeyText.Prefix.Length..], text);
        Assert.Contains(KeyHash.Of(alice).ToString(), text);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys.File));
    }

    [Fact]
    public async Task Keys_that_several_processes_add_at_one_time_are_all_there()
    {
        var keys = new TestKeys();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => keys.AddAsync($"key{i}"))));
        Assert.Equal(12, (await keys.Store.ListAsync(default)).Count);
    }

    [Fact]
    public async Task All_of_a_key_comes_back_from_the_file()
    {
        var keys = new TestKeys();
        var key = new ApiKey("0a1b", "alice", KeyScope.Read | KeyScope.Metrics, KeyHash.Of("x"), DateTimeOffset.UnixEpoch)
            { ExpiresAt = DateTimeOffset.UnixEpoch.AddDays(1), Disabled = true, Limits = new(3, 12.5, 48) };
        Assert.True(await keys.Store.AddAsync(key, default));
        Assert.False(await keys.Store.AddAsync(key with { Id = "other", Name = "ALICE" }, default));
        var read = Assert.Single(await keys.Store.ListAsync(default));
        Assert.Equal(key with { Hash = read.Hash }, read);
        Assert.True(key.Hash.Matches(read.Hash));
        Assert.False(await keys.Store.RemoveAsync("bob", default));
    }

    [Fact]
    public void A_key_is_256_random_bits_that_a_header_can_carry()
    {
        var made = Enumerable.Range(0, 100).Select(_ => KeyText.New()).ToList();
        Assert.Equal(100, made.Distinct().Count());
        Assert.All(made, key => Assert.Matches("^dk_[A-Za-z0-9_-]{43}$", key));
    }

    private static async Task<int> StatusAsync(RunningServer server, string? key)
    {
        using var answer = await server.GetAsync("/v1/samplers", key);
        return (int)answer.StatusCode;
    }
}
