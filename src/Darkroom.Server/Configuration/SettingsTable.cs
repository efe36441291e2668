using System.Net;
using Darkroom.Engine;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.Security;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Security.Outbound;
using Darkroom.Server.Webhooks;
using Darkroom.Storage.Postgres;

namespace Darkroom.Server.Configuration;

/// <summary>The keys under <c>Darkroom</c>, with ranges and defaults. Relative paths stand under the home folder.</summary>
internal static class SettingsTable
{
    /// <summary>Keys whose values are paths.</summary>
    public static readonly IReadOnlyList<string> Paths = ["ModelsPath", "DataPath"];

    /// <exception cref="SettingsException">Something in the settings is wrong; the message says all of it in plain sentences.</exception>
    public static DarkroomSettings Read(IConfiguration configuration, string home)
    {
        var usual = new EngineOptions();
        var memory = usual.Memory;
        var section = new SettingsReader(configuration.GetSection("Darkroom"));
        var artifacts = section.Choice("Artifacts", ArtifactKind.Files);
        var store = section.Choice("Store", StoreKind.Sqlite);
        var settings = new DarkroomSettings
        {
            ModelsPath = Path.GetFullPath(section.Text("ModelsPath") ?? "models", home),
            DataPath = Path.GetFullPath(section.Text("DataPath") ?? "data", home),
            DefaultModel = section.Text("DefaultModel"),
            DrainTimeout = TimeSpan.FromSeconds(section.Number("DrainTimeout", 0, 3600, 30)),
            CorsOrigins = Origins(section),
            Hosts = Hosts(section),
            Proxies = Proxies(section),
            LogFormat = section.Choice("LogFormat", LogFormat.Auto),
            PictureMemoryMiB = (int)section.Number("PictureMemoryMiB", 1, 65_536, Usual(64, memory.KeptBytes), whole: true),
            InputMemoryMiB = (int)section.Number("InputMemoryMiB", 1, 65_536, Usual(512, memory.InputBytes), whole: true),
            Store = store,
            Role = RoleOf(section, store),
            Postgres = PostgresOf(section, home, store),
            Artifacts = artifacts,
            S3 = S3Settings.Read(section, home, artifacts),
            Retention = TimeSpan.FromHours(section.Number("RetentionHours", 0.01, 87_600, 24)),
            PictureDiskMiB = (int)section.Number("PictureDiskMiB", 0, 1_000_000_000, 0, whole: true),
            Limits = Limits(section),
            Insecure = section.Flag("Insecure", false),
            ApiKey = OwnKey(section, home, "ApiKey", "settings", KeyScopes.Usual),
            MetricsKey = OwnKey(section, home, "MetricsKey", "settings-metrics", KeyScope.Metrics),
            Webhooks = Webhooks(section, home, store),
            Engine = new()
            {
                Target = section.Choice("Engine:Target", usual.Target),
                MaxBatch = (int)section.Number("Engine:MaxBatch", 1, 64, usual.MaxBatch, whole: true),
                MaxQueued = (int)section.Number("Engine:MaxQueued", 1, 100_000, usual.MaxQueued, whole: true),
                MaxQueuedCost = section.Text("Engine:MaxQueuedMegapixelSteps") is null ? null
                    : section.Number("Engine:MaxQueuedMegapixelSteps", 0.001, 1e12, 1),
                Lease = TimeSpan.FromSeconds(section.Number("Engine:Lease", 2, 600, usual.Lease.TotalSeconds)),
                MaxCrashes = (int)section.Number("MaxCrashes", 1, 1000, usual.MaxCrashes, whole: true),
                Devices = DeviceSettings.Read(section),
                ConditioningCacheMiB = (int)section.Number(
                    "Engine:ConditioningCacheMiB", 0, 65_536, Usual(usual.ConditioningCacheMiB, memory.KeptBytes), whole: true),
                CallTimeout = section.Text("Engine:CallTimeout") is null ? null : TimeSpan.FromSeconds(section.Number("Engine:CallTimeout", 1, 86_400, 1)),
                MemoryLimitMiB = section.Text("Engine:MemoryLimitMiB") is null ? null
                    : (long)section.Number("Engine:MemoryLimitMiB", 1, 16_777_216, 1, whole: true),
            },
        };
        section.Finish();
        return settings;
    }

    private static Role RoleOf(SettingsReader section, StoreKind store)
    {
        var role = section.Choice("Role", Role.All);
        if (role != Role.All && store != StoreKind.Postgres)
        {
            section.Refuse("Role", $"is {role.ToString().ToLowerInvariant()}, and a process that does a part of the work needs a store that others share: "
                + "Darkroom:Store=postgres");
        }
        return role;
    }

    private static string? PostgresOf(SettingsReader section, string home, StoreKind store)
    {
        var text = section.Secret(
            "Postgres", home, PostgresOptions.IsConnectionString, "must be a connection string such as Host=db;Database=darkroom;Username=darkroom");
        if (text is null && store == StoreKind.Postgres && !section.HasSecret("Postgres"))
            section.Refuse("Postgres", "is missing: jobs are to be kept in a database (Darkroom:Store is postgres)");
        return text;
    }

    private static RequestLimits Limits(SettingsReader section)
    {
        var usual = new RequestLimits();
        return new()
        {
            TextChunks = (int)section.Number("Limits:TextChunks", 1, 1_000_000, usual.TextChunks, whole: true),
            TextMiB = (int)section.Number("Limits:TextMiB", 1, 65_536, usual.TextMiB, whole: true),
            Windows = (int)section.Number("Limits:Windows", 1, 100_000, usual.Windows, whole: true),
            Tiles = (int)section.Number("Limits:Tiles", 1, 10_000_000, usual.Tiles, whole: true),
            MegapixelSteps = section.Number("Limits:MegapixelSteps", 0.001, 1e9, usual.MegapixelSteps),
        };
    }

    private static ApiKey? OwnKey(SettingsReader section, string home, string key, string id, KeyScope scopes) =>
        section.Secret(key, home, KeyText.CanBeChosen, $"must have {KeyText.MinLength}…{KeyText.MaxLength} letters, digits and signs, and no spaces")
            is { } text ? new(id, "Darkroom:" + key, scopes, KeyHash.Of(text), default) : null;

    private static WebhookSettings Webhooks(SettingsReader section, string home, StoreKind store)
    {
        var allowed = section.Text("Webhooks:Allowed") is { } text ? OutboundRule.Parse(text) : OutboundRule.None;
        if (allowed is null) section.Fault("Webhooks:Allowed", OutboundRule.Usage);
        var secret = section.Secret("Webhooks:Secret", home, given => WebhookSecrets.Parse(given) is not null, WebhookSecrets.Rule);
        if (store == StoreKind.Postgres && allowed is { IsNone: false } && !section.HasSecret("Webhooks:Secret"))
            section.Refuse("Webhooks:Secret", "is missing: servers that share their jobs sign with one secret");
        return new(allowed ?? OutboundRule.None, secret is null ? null : WebhookSecrets.Parse(secret));
    }

    /// <summary>MiB where the settings do not say: less where the process has little memory.</summary>
    private static double Usual(int most, long share) => Math.Clamp(share / (1024 * 1024), 1, most);

    private static string[] Hosts(SettingsReader section)
    {
        var given = List(section, "Hosts");
        if (!given.All(HostNames.IsPattern)) section.Fault("Hosts", "must be names such as pictures.example.org or *.example.org with commas between, or *");
        return given;
    }

    private static IPNetwork[] Proxies(SettingsReader section)
    {
        var networks = Array.ConvertAll(List(section, "Proxies"), NetworkOf);
        if (!networks.Contains(null)) return Array.ConvertAll(networks, static network => network!.Value);
        section.Fault("Proxies", "must be IP addresses, or networks such as 10.0.0.0/8, with commas between");
        return [];
    }

    private static IPNetwork? NetworkOf(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) && (text.Contains(':') || text == address.ToString())
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    private static string[] List(SettingsReader section, string key) =>
        section.Text(key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string[] Origins(SettingsReader section)
    {
        var given = List(section, "Cors:Origins");
        var origins = Array.ConvertAll(given, CrossOrigin.OriginOf);
        if (!origins.Contains(null)) return origins!;
        section.Fault("Cors:Origins", "must be origins such as https://example.org with commas between, or *");
        return [];
    }
}

/// <summary>The settings are wrong.</summary>
internal sealed class SettingsException(string message) : Exception(message)
{
    /// <summary>How the process ends for it: EX_CONFIG of sysexits.h, so that a supervisor knows that another start does not help.</summary>
    public const int ExitCode = 78;
}
