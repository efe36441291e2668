using System.Text.Json;
using Darkroom.Server.Commands;
using Darkroom.Server.Configuration;
using Darkroom.Server.Webhooks;

namespace Darkroom.Server.Tests.Commands;

/// <summary><c>darkroom config</c>: each value, where it comes from, and never a secret.</summary>
public sealed class ConfigCommandTests : IDisposable
{
    private const string Key = "canary-canary-canary";

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-config-").FullName;
    private readonly StringWriter results = new(), errors = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_shows_each_setting_its_value_and_where_that_comes_from()
    {
        Assert.Equal(0, await RunAsync("--Darkroom:Engine:MaxBatch=4", "--urls", "http://127.0.0.1:18999"));
        var lines = results.ToString().Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim()).ToList();
        Assert.Equal("setting value from", lines[0]);
        Assert.Contains("urls http://127.0.0.1:18999 command line", lines);
        Assert.Contains("Darkroom:Engine:MaxBatch 4 command line", lines);
        Assert.Contains("Darkroom:Engine:Target balanced appsettings.json", lines);
        Assert.Contains("Darkroom:Engine:Lease 30 default", lines);
        Assert.Contains("Darkroom:ApiKey default", lines);
        Assert.All(SettingsTable.All, row => Assert.Contains(lines, line => line.StartsWith(row.Name + ' ', StringComparison.Ordinal)));
        Assert.Empty(errors.ToString());
    }

    [Fact]
    public async Task As_JSON_it_has_the_same()
    {
        Assert.Equal(0, await RunAsync("--json", "--Darkroom:Limits:Tiles=77"));
        using var document = JsonDocument.Parse(results.ToString());
        var rows = document.RootElement.GetProperty("settings").EnumerateArray().ToDictionary(row => row.GetProperty("name").GetString()!);
        Assert.Equal(SettingsTable.All.Count + 1, rows.Count);
        var tiles = rows["Darkroom:Limits:Tiles"];
        Assert.Equal(("77", "command line"), (tiles.GetProperty("value").GetString(), tiles.GetProperty("origin").GetProperty("kind").GetString()));
        Assert.Equal(JsonValueKind.Null, rows["Darkroom:DefaultModel"].GetProperty("value").ValueKind);
        Assert.True(rows["Darkroom:S3:SecretKey"].GetProperty("secret").GetBoolean());
    }

    [Fact]
    public async Task An_environment_variable_is_named_as_it_is_spelled()
    {
        const string Variable = "Darkroom__LIMITS__Windows";
        Environment.SetEnvironmentVariable(Variable, "99");
        try
        {
            Assert.Equal(0, await RunAsync());
            string line = results.ToString().Split('\n').Single(row => row.StartsWith("Darkroom:Limits:Windows ", StringComparison.Ordinal));
            Assert.EndsWith($" environment variable {Variable}", line.TrimEnd());
            Assert.Equal("99", line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_secret_is_never_shown(bool json)
    {
        string hook = WebhookSecrets.New();
        string file = Path.Combine(folder, "secret-key");
        await File.WriteAllTextAsync(file, "canary-of-s3\n");
        string[] arguments =
        [
            $"--Darkroom:ApiKey={Key}", $"--Darkroom:Webhooks:Secret={hook}", "--Darkroom:S3:AccessKey=canary-access", $"--Darkroom:S3:SecretKey_FILE={file}",
            "--Darkroom:Postgres=Host=db;Username=me;Password=canary-of-db", "--Kestrel:Certificates:Default:Password=canary-of-https",
        ];
        Assert.Equal(0, await RunAsync(json ? [.. arguments, "--json"] : arguments));
        string shown = results.ToString() + errors;
        Assert.DoesNotContain("canary", shown);
        Assert.DoesNotContain(hook["whsec_".Length..], shown);
        Assert.Contains(file, shown);
        Assert.Contains("set", shown);
    }

    [Fact]
    public async Task Faults_are_those_of_the_start_and_end_it_with_78()
    {
        Assert.Equal(78, await RunAsync(
            "--Darkroom:Engine:MaxBatch=0", "--Darkroom:Engin:MaxBatch=1", "--urls", "http://127.0.0.l:80", "--Darkroom:ApiKey=canary",
            "--Darkroom:S3:Endpoint=http://me:canary@x", "--Darkroom:Postgres=canary", "--Serilog:MinimumLevel:Default=Loud"));
        Assert.Contains("Darkroom:Engine:MaxBatch is '0', and must be a whole number of 1…64.", errors.ToString());
        Assert.Contains("Darkroom:Engin:MaxBatch is no setting. Did you mean Darkroom:Engine:MaxBatch?", errors.ToString());
        Assert.Contains("has the host '127.0.0.l'", errors.ToString());
        Assert.Contains("Serilog:MinimumLevel:Default is 'Loud'", errors.ToString());
        Assert.Contains("Darkroom:ApiKey must have 16…256", errors.ToString());
        Assert.Contains("Darkroom:Postgres must be a connection string", errors.ToString());
        Assert.DoesNotContain("canary", errors.ToString());
        Assert.Empty(results.ToString());
        Assert.False(Directory.Exists(Path.Combine(folder, "data")), "It only looks.");
    }

    [Fact]
    public async Task A_server_tells_every_fault_at_once_too()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "data"), "");
        Assert.Equal(78, await RunCommandAsync("serve", "--Darkroom:Engine:MaxBatch=0", "--urls", "http://127.0.0.l:80"));
        Assert.Contains("Darkroom:Engine:MaxBatch is '0'", errors.ToString());
        Assert.Contains("has the host '127.0.0.l'", errors.ToString());
        Assert.Contains("cannot be written", errors.ToString());
    }

    private Task<int> RunAsync(params string[] arguments) => RunCommandAsync(["config", .. arguments]);

    private Task<int> RunCommandAsync(params string[] arguments) => DarkroomCommand.RunAsync(
        [.. arguments, "--data-path", Path.Combine(folder, "data")], static (_, _) => { }, new Written(results, errors));

    private sealed record Written(TextWriter Out, TextWriter Error) : IConsole
    {
        public bool IsInteractive => false;
    }
}
