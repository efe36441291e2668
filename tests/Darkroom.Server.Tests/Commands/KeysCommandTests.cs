using Darkroom.Server.Commands;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Commands;

public sealed class KeysCommandTests
{
    private readonly TestKeys keys = new();

    [Fact]
    public async Task Add_shows_the_key_once_and_a_running_server_takes_it()
    {
        await using var server = await RunningServer.StartAsync(keys.Setting);
        var (code, output, error) = await RunAsync("add", "alice");
        Assert.True(code == 0, error);
        var key = output.Trim();
        Assert.Matches("^dk_[A-Za-z0-9_-]{43}$", key);
        Assert.Contains("The key alice (generate,read) is in " + keys.File, error);
        using var answer = await server.GetAsync("/v1/jobs", key);
        using var none = await server.GetAsync("/v1/jobs", null);
        Assert.Equal((200, 401), ((int)answer.StatusCode, (int)none.StatusCode));

        var list = await RunAsync("list");
        Assert.Matches(@"alice +[0-9a-f]{16} +generate,read +\d{4}-\d\d-\d\d \d\d:\d\d +never", list.Output);
        Assert.DoesNotContain(key, list.Output + list.Error);

        Assert.Equal(0, (await RunAsync("remove", "alice")).Code);
        using var gone = await server.GetAsync("/v1/jobs", key);
        Assert.Equal(401, (int)gone.StatusCode);
        Assert.Contains("No keys", (await RunAsync("list")).Error);
    }

    [Fact]
    public async Task Add_takes_scopes_an_end_and_limits()
    {
        Assert.Equal(0, (await RunAsync(
            "add", "prometheus", "--scopes", "metrics, read", "--expires-days", "30", "--max-queued", "2", "--max-megapixel-steps", "100.5",
            "--retention-hours", "24")).Code);
        var key = Assert.Single(await keys.Store.ListAsync(default));
        Assert.Equal((KeyScope.Metrics | KeyScope.Read, new CallerLimits(2, 100.5, 24)), (key.Scopes, key.Limits));
        Assert.InRange((key.ExpiresAt - key.CreatedAt)!.Value.TotalDays, 29.99, 30.01);
    }

    [Theory]
    [InlineData("'a b' is no name of a key", "add", "a b")]
    [InlineData("--scopes is 'all', and must be some of: generate, read, admin, metrics.", "add", "alice", "--scopes", "all")]
    [InlineData("--expires-days must be above 0", "add", "alice", "--expires-days", "0")]
    [InlineData("--max-queued must be 0 or more", "add", "alice", "--max-queued", "-1")]
    [InlineData("There is no key of the name bob.", "remove", "bob")]
    public async Task What_is_wrong_is_told_in_a_sentence_and_nothing_is_written(string sentence, params string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(sentence, error);
        Assert.DoesNotContain("   at ", error);
        Assert.Empty(await keys.Store.ListAsync(default));
    }

    [Fact]
    public async Task A_name_is_taken_once_and_a_broken_file_is_left_as_it_is()
    {
        await keys.AddAsync("alice");
        Assert.Contains("There is a key of the name Alice", (await RunAsync("add", "Alice")).Error);
        await File.WriteAllTextAsync(keys.File, "{ broken");
        foreach (var args in (string[][])[["add", "bob"], ["list"], ["remove", "alice"]])
        {
            var (code, output, error) = await RunAsync(args);
            Assert.Equal((1, ""), (code, output));
            Assert.Contains("cannot be read: it is broken at line 1.", error);
        }
        Assert.Equal("{ broken", await File.ReadAllTextAsync(keys.File));
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var console = new Written();
        var code = await DarkroomCommand.RunAsync(["keys", .. args, "--data-path", keys.Folder], (_, _) => { }, console);
        return (code, console.Out.ToString()!, console.Error.ToString()!);
    }

    private sealed class Written : IConsole
    {
        public TextWriter Out { get; } = new StringWriter();
        public TextWriter Error { get; } = new StringWriter();
        public bool IsInteractive => false;
    }
}
