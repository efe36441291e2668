using System.Text;
using System.Text.Json;
using Darkroom.Server.Configuration;
using Darkroom.Server.Configuration.Rows;
using Darkroom.TestKit;
using Microsoft.Extensions.Configuration;

namespace Darkroom.Server.Tests.Configuration;

public sealed class SettingsDocumentTests
{
    private static readonly string Document = Path.Combine(Repository.Root, "docs", "configuration.md");

    /// <summary>Where the rows are meant to change, run once with DARKROOM_APPROVE=1 and review the difference.</summary>
    [Fact]
    public void The_document_is_the_table()
    {
        string text = Text();
        if (Environment.GetEnvironmentVariable("DARKROOM_APPROVE") == "1") File.WriteAllText(Document, text);
        Assert.Equal(File.ReadAllText(Document), text);
    }

    [Fact]
    public void Every_row_is_read_and_has_a_name_of_its_own()
    {
        var (_, reader) = SettingsTable.Open(new ConfigurationBuilder().Build(), "/home");
        Assert.Equal(SettingsTable.All.Select(row => row.Name).Order(), reader.Values.Keys.Select(row => row.Name).Order());
        var keys = SettingsTable.All.SelectMany(row => row.Keys).ToList();
        Assert.Equal(keys.Count, keys.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void What_a_row_says_of_a_value_can_be_read_again()
    {
        var first = SettingsTable.Open(new ConfigurationBuilder().Build(), "/home").Reader.Values;
        var again = new ConfigurationBuilder().AddInMemoryCollection(
            first.Where(pair => !pair.Key.IsSecret).Select(pair => KeyValuePair.Create(pair.Key.Name, pair.Value))).Build();
        var (_, reader) = SettingsTable.Open(again, "/elsewhere");
        Assert.Empty(reader.Faults);
        Assert.Equal(first, reader.Values);
    }

    [Fact]
    public void The_file_that_ships_has_settings_that_exist_and_says_the_defaults()
    {
        string path = Path.Combine(Repository.Root, "appsettings.json");
        var configuration = new ConfigurationBuilder().AddJsonFile(path).Build();
        var (_, shipped) = SettingsTable.Open(configuration, "/home");
        Assert.Empty(shipped.Faults);
        Assert.Equal(SettingsTable.Open(new ConfigurationBuilder().Build(), "/home").Reader.Values, shipped.Values);

        using var file = JsonDocument.Parse(File.ReadAllText(path));
        var sections = file.RootElement.EnumerateObject().Select(section => section.Name);
        Assert.Equal([Setting.Section, "Serilog"], sections);
        Assert.DoesNotContain(SettingsTable.All, row => row.IsSecret && row.Keys.Any(key => configuration[Setting.NameOf(key)] is not null));
    }

    private static string Text()
    {
        var text = new StringBuilder("""
            # Settings

            Written from the rows of settings (`src/Darkroom.Server/Configuration/Groups`), by which the server reads them; a test holds it to that.

            A setting is looked for in this order, and the last one that has it wins: the default, `appsettings.json` (section `Darkroom`; beside the
            program or in the nearest folder above it), `appsettings.ENVIRONMENT.json`, environment variables, the command line.
            `Engine:MaxBatch` below is `{ "Darkroom": { "Engine": { "MaxBatch": 4 } } }` in the file, `Darkroom__Engine__MaxBatch=4` in the environment and
            `--Darkroom:Engine:MaxBatch=4` on the command line. Relative paths stand beside `appsettings.json`, those of the command line in the caller's
            folder.

            A secret 🔑 may stand in a file instead, as containers get them: `Darkroom__ApiKey_FILE=/run/secrets/key` (`Darkroom:ApiKey:File` in JSON).
            White space around it does not count, and the file wins over a value that is given itself. Secrets are not in logs, messages or the output of
            commands.

            Everything is checked before the server starts: what is wrong (a value, a key that does not exist, settings that do not go together) is told in
            a sentence each with name, value and limit, all of them at once, and the process ends with exit code 78, by which a supervisor sees that another
            start does not help. `darkroom config` shows every setting in force and where it comes from, `darkroom config --json` the same for programs.

            Beside these: the address is `--urls` or `ASPNETCORE_URLS` (default `http://127.0.0.1:8080`; an IP address, `localhost`, or `*` for every
            interface), a certificate is in `Kestrel:Certificates:Default`, levels of the log are in `Serilog:MinimumLevel`, and OpenTelemetry's own
            variables (`OTEL_EXPORTER_OTLP_ENDPOINT`) name a collector.


            """);
        foreach (var group in SettingsTable.Groups)
        {
            text.Append("## ").Append(group.Title).Append("\n\n");
            if (group.About.Length > 0) text.Append(group.About).Append("\n\n");
            text.Append("| setting | values | default | meaning |\n|---|---|---|---|\n");
            foreach (var row in group.Rows) text.Append(Line($"`{row.Key}`{(row.IsSecret ? " 🔑" : "")}", row.Values, row.DefaultText, row.About));
            text.Append('\n');
        }
        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n') + '\n';
    }

    private static string Line(params string[] cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
}
