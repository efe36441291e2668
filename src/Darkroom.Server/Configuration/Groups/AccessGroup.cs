using System.Net;
using Darkroom.Server.Configuration.Rows;
using Darkroom.Server.Http;
using Darkroom.Server.Security;
using Darkroom.Server.Security.Keys;

namespace Darkroom.Server.Configuration.Groups;

/// <summary>Who may reach the server, and how they say who they are.</summary>
internal static class AccessGroup
{
    public static readonly SettingGroup Group = new("Access", "Keys, names and proxies: [`docs/security.md`](security.md).");

    private static readonly Setting<string?>
        OwnKey = OneKey("ApiKey", "One key for generating and reading, beside those of `darkroom keys`."),
        MetricsKey = OneKey("MetricsKey", "One key for `/metrics` alone.");

    private static readonly Setting<bool> Insecure = Group.Flag("Insecure", false, "Whether to listen beyond this machine while there are no keys.");

    private static readonly Setting<bool> FirstKey = Group.Flag(
        "FirstKey", false, "Whether to make one key and show it once, at a start beyond this machine without any. Images of containers say so.");

    private static readonly Setting<string[]> Hosts = Group.Text(
        "Hosts", ListKind<string>(
            "names with commas between, or *", "must be names such as pictures.example.org or *.example.org with commas between, or *",
            static name => HostNames.IsPattern(name) ? name : null),
        [], "Names that the server is called by. IP addresses and `localhost` are always answered.", "none");

    private static readonly Setting<string[]> Origins = Group.Text(
        "Cors:Origins", ListKind(
            "origins with commas between, or *", "must be origins such as https://example.org with commas between, or *", CrossOrigin.OriginOf),
        [], "Pages of other origins that may use the server.", "none");

    private static readonly Setting<Network[]> Proxies = Group.Text(
        "Proxies", ListKind(
            "IP addresses and networks with commas between", "must be IP addresses, or networks such as 10.0.0.0/8, with commas between", NetworkOf),
        [], "Proxies before the server, whose word on who sent a request is taken.", "none");

    public static DarkroomSettings Read(SettingsReader section, DarkroomSettings settings) => settings with
    {
        ApiKey = KeyOf(section, OwnKey, "settings", KeyScopes.Usual),
        MetricsKey = KeyOf(section, MetricsKey, "settings-metrics", KeyScope.Metrics),
        Insecure = section.Read(Insecure),
        FirstKey = section.Read(FirstKey),
        Hosts = section.Read(Hosts),
        CorsOrigins = section.Read(Origins),
        Proxies = Array.ConvertAll(section.Read(Proxies), static network => network.Value),
    };

    private static Setting<string?> OneKey(string key, string about) => Group.Secret<string>(
        key, $"must have {KeyText.MinLength}…{KeyText.MaxLength} letters, digits and signs, and no spaces",
        static text => KeyText.CanBeChosen(text) ? text : null, about);

    private static ApiKey? KeyOf(SettingsReader section, Setting<string?> setting, string id, KeyScope scopes) =>
        section.Read(setting) is { } text ? new(id, setting.Name, scopes, KeyHash.Of(text), default) : null;

    private static TextKind<T[]> ListKind<T>(string values, string rule, Func<string, T?> readOne) where T : class => new(
        values, rule,
        text =>
        {
            var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            T[] read = [.. parts.Select(readOne).OfType<T>()];
            return read.Length == parts.Length ? read : null;
        },
        static list => list.Length == 0 ? null : string.Join(",", list.Select(one => one.ToString())));

    private static Network? NetworkOf(string text) =>
        IPNetwork.TryParse(text, out var network) ? new(network)
        : IPAddress.TryParse(text, out var address) && (text.Contains(':') || text == address.ToString())
            ? new(new IPNetwork(address, address.GetAddressBytes().Length * 8))
        : null;

    private sealed class Network(IPNetwork value)
    {
        public IPNetwork Value => value;

        public override string ToString() => value.ToString();
    }
}
