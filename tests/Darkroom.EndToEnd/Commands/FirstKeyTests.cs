using System.Text.RegularExpressions;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Commands;

/// <summary>The key that a server shows at its first start, as its operator sees it.</summary>
public sealed partial class FirstKeyTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task It_is_shown_once_beside_the_log_and_works_from_then_on()
    {
        string key;
        await using (var first = await StartAsync())
        {
            string[] lines = first.Output.Split(Environment.NewLine);
            key = Assert.Single(lines, line => Key().IsMatch(line)).Trim();
            Assert.Matches("^dk_[A-Za-z0-9_-]{43}$", key); // a line of its own, and so no line of the log
            Assert.Contains("The first key of this server (generate,read), shown now and never again:", lines);
            Assert.Contains(lines, line => line.Contains("'Authorization: Bearer KEY'", StringComparison.Ordinal));
            await IsAskedForAsync(first, key);
        }
        Assert.All(Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain(key, File.ReadAllText(file)));

        await using var second = await StartAsync();
        Assert.DoesNotMatch(Key(), second.Output);
        await IsAskedForAsync(second, key);
    }

    private static async Task IsAskedForAsync(StartedServer server, string key)
    {
        Assert.Equal(401, (await server.Client.FetchAsync("/v1/jobs")).Status);
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Assert.Equal(200, (await server.Client.FetchAsync("/v1/jobs")).Status);
    }

    private Task<StartedServer> StartAsync() =>
        StartedServer.StartOfAsync(ServerProgram.Start("--urls", "http://0.0.0.0:0"), data, ("Darkroom__FirstKey", "true"));

    [GeneratedRegex("dk_[A-Za-z0-9_-]{43}")]
    private static partial Regex Key();
}
