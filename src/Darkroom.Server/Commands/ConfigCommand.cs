using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Server.Commands.Config;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands;

/// <summary><c>config</c>: every setting in force, and where it comes from. Secrets are not shown.</summary>
internal static class ConfigCommand
{
    // What says where to listen, as the listener has it; endpoints of Kestrel stand in its own section.
    private static readonly string[] Addresses = ["urls", "http_ports", "https_ports"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    public static Command Create(CommonOptions common)
    {
        var json = new Option<bool>("--json") { Description = "As JSON, for programs." };
        var command = new Command("config", "Shows every setting in force and where it comes from; secrets are not shown.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.Options.Add(json);
        command.SetAction((parsed, _) => common.GuardAsync(() => RunAsync(common.Read(parsed), parsed.GetValue(json), common.Console)));
        return command;
    }

    /// <exception cref="SettingsException">A server would not start with them.</exception>
    private static async Task<int> RunAsync(ServerOptions options, bool json, IConsole console)
    {
        var configuration = DarkroomHost.ReadConfiguration(options);
        var (settings, reader) = SettingsTable.Open(configuration, options.Home);
        var faults = StartChecks.Faults(configuration, settings, reader).ToList();
        if (faults.Count > 0) throw new SettingsException(faults);
        var origins = new SettingOrigins(configuration);
        SettingInForce[] rows =
        [
            new(Addresses[0], AddressOf(configuration), OriginOfAddress(origins), IsSecret: false),
            .. SettingsTable.All.Select(row => new SettingInForce(row.Name, reader.Values[row], origins.Of(row), row.IsSecret)),
        ];
        if (json) await console.Out.WriteLineAsync(ToJson(rows));
        else
            foreach (var line in TextTable.Lines([["setting", "value", "from"], .. rows.Select(Cells)])) await console.Out.WriteLineAsync(line);
        return 0;
    }

    private static string[] Cells(SettingInForce row) => [row.Name, row.Value ?? "", row.Origin.ToString()];

    private static string AddressOf(IConfiguration configuration) =>
        ListenAddresses.Of(configuration) is { Count: > 0 } given ? string.Join(";", given) : DarkroomHost.DefaultAddress;

    private static SettingOrigin OriginOfAddress(SettingOrigins origins) =>
        Addresses.Select(origins.Find).FirstOrDefault(found => found is not null) ?? SettingOrigin.Default;

    private static string ToJson(IEnumerable<SettingInForce> rows) => new JsonObject
    {
        ["settings"] = new JsonArray([.. rows.Select(row => new JsonObject
        {
            ["name"] = row.Name,
            ["value"] = row.Value,
            ["secret"] = row.IsSecret,
            ["origin"] = new JsonObject { ["kind"] = row.Origin.Kind, ["name"] = row.Origin.Name, ["file"] = row.Origin.File },
        })]),
    }.ToJsonString(Indented);
}
