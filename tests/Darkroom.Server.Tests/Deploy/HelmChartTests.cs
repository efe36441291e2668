using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Server.Configuration;
using Darkroom.Server.Generation;
using Darkroom.Server.Security.Keys;
using Darkroom.TestKit;
using Darkroom.TestKit.Deploy;
using Json.Schema;
using Microsoft.Extensions.Configuration;

namespace Darkroom.Server.Tests.Deploy;

/// <summary>What <c>deploy/helm/darkroom</c> renders to: valid for Kubernetes, and in agreement with the program.</summary>
public sealed class HelmChartTests : IDisposable
{
    private const string Cluster = """
        mode: cluster
        hosts: [pictures.example.org]
        proxies: [10.244.0.0/16]
        settings: { Engine__MaxBatch: 8, Webhooks__Allowed: hooks.example.org }
        secret:
          name: darkroom
          entries:
            { MetricsKey: metrics_key, Postgres: postgres, S3__AccessKey: s3_access_key, S3__SecretKey: s3_secret_key, Webhooks__Secret: webhook_secret }
        s3: { endpoint: "http://objects:9000", bucket: pictures }
        drainSeconds: 120
        models: { existingClaim: weights }
        gpu: { enabled: true, count: 2, runtimeClassName: nvidia }
        autoscaling: { enabled: true }
        ingress: { enabled: true, className: nginx, tlsSecret: tls, annotations: { example.org/size: "0" } }
        serviceAccount: { annotations: { eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/x" } }
        networkPolicy: { metricsFrom: [{ namespaceSelector: {} }], egress: [{ to: [{ ipBlock: { cidr: 192.0.2.0/24 } }] }] }
        serviceMonitor: { enabled: true, labels: { release: prometheus } }
        imagePullSecrets: [{ name: registry }]
        podAnnotations: { example.org/team: pictures }
        worker: { nodeSelector: { pool: gpu }, tolerations: [{ operator: Exists }], affinity: { nodeAffinity: {} } }
        """;

    private readonly DeploySecrets secrets = new();

    public void Dispose() => secrets.Dispose();

    [Fact]
    public async Task One_server_is_a_deployment_with_a_claim_and_a_service()
    {
        var objects = await RenderedAsync("");
        Assert.Equal(
            ["Deployment pictures-darkroom", "NetworkPolicy pictures-darkroom-single", "PersistentVolumeClaim pictures-darkroom",
                "Service pictures-darkroom", "Service pictures-darkroom-metrics"],
            objects.Select(NameOf).Order(StringComparer.Ordinal));
        var deployment = objects.Single(one => KindOf(one) == "Deployment");
        Assert.Equal("Recreate", deployment["spec"]!["strategy"]!["type"]!.ToString());
        Assert.Equal("darkroom:cpu", ContainerOf(deployment)["image"]!.ToString());
        var settings = SettingsOf(deployment);
        Assert.Equal((Role.All, StoreKind.Sqlite, KeyScopes.Usual), (settings.Role, settings.Store, settings.OwnKeys.Single().Scopes));
        Assert.Equal("pictures-darkroom", PodOf(deployment)["volumes"]![0]!["persistentVolumeClaim"]!["claimName"]!.ToString());
        Assert.Contains("pictures-darkroom.studio.svc", settings.Hosts);
    }

    [Fact]
    public async Task A_cluster_is_pods_for_requests_and_pods_for_pictures_with_all_that_was_asked_for()
    {
        var objects = await RenderedAsync(Cluster);
        Assert.Equal(
            ["Deployment pictures-darkroom-api", "Deployment pictures-darkroom-worker", "Ingress pictures-darkroom", "NetworkPolicy pictures-darkroom-api",
                "NetworkPolicy pictures-darkroom-worker", "PodDisruptionBudget pictures-darkroom-api", "PodDisruptionBudget pictures-darkroom-worker",
                "ScaledObject pictures-darkroom-worker", "Service pictures-darkroom", "Service pictures-darkroom-metrics", "ServiceAccount pictures-darkroom",
                "ServiceMonitor pictures-darkroom"],
            objects.Select(NameOf).Order(StringComparer.Ordinal));
        var (api, worker) = (Named(objects, "Deployment pictures-darkroom-api"), Named(objects, "Deployment pictures-darkroom-worker"));
        Assert.Equal((2, null), ((int?)api["spec"]!["replicas"], (int?)worker["spec"]!["replicas"])); // KEDA's to say
        Assert.Equal((Role.Api, Role.Worker), (SettingsOf(api).Role, SettingsOf(worker).Role));
        Assert.Equal(("cpu", "cuda"), (Assert.Single(SettingsOf(api).Engine.Devices).Kind, Assert.Single(SettingsOf(worker).Engine.Devices).Kind));
        Assert.Equal(("darkroom:cpu", "darkroom:cuda"), (ContainerOf(api)["image"]!.ToString(), ContainerOf(worker)["image"]!.ToString()));
        Assert.Equal("2", ContainerOf(worker)["resources"]!["limits"]!["nvidia.com/gpu"]!.ToString());
        Assert.Null(ContainerOf(api)["resources"]!["limits"]!["nvidia.com/gpu"]);
        var settings = SettingsOf(api);
        Assert.Equal((StoreKind.Postgres, ArtifactKind.S3, 8), (settings.Store, settings.Artifacts, settings.Engine.MaxBatch));
        Assert.Equal(new Uri("http://objects:9000"), settings.S3!.Endpoint);
        Assert.Equal(secrets["s3_secret_key"], settings.S3.SecretKey);
        Assert.Contains("pictures.example.org", settings.Hosts);
        Assert.Equal("10.244.0.0/16", Assert.Single(settings.Proxies).ToString());
        Assert.Equal(2, settings.OwnKeys.Count);
        Assert.DoesNotContain("models", PodOf(api)["volumes"]!.AsArray().Select(one => one!["name"]!.ToString()));

        var scaled = Named(objects, "ScaledObject pictures-darkroom-worker")["spec"]!;
        Assert.Equal(NameOf(worker).Split(' ')[1], scaled["scaleTargetRef"]!["name"]!.ToString());
        Assert.Equal("max(darkroom_queue_work{namespace=\"studio\"})", scaled["triggers"]![0]!["metadata"]!["query"]!.ToString());
        var monitor = Named(objects, "ServiceMonitor pictures-darkroom")["spec"]!;
        var metrics = Named(objects, "Service pictures-darkroom-metrics");
        AssertSelects(monitor["selector"]!["matchLabels"]!, metrics["metadata"]!["labels"]!);
        Assert.Equal("metrics_key", monitor["endpoints"]![0]!["authorization"]!["credentials"]!["key"]!.ToString());
        foreach (var deployment in new[] { api, worker })
        {
            var labels = deployment["spec"]!["template"]!["metadata"]!["labels"]!;
            AssertSelects(metrics["spec"]!["selector"]!, labels);
            string component = labels["app.kubernetes.io/component"]!.ToString();
            AssertSelects(Named(objects, $"PodDisruptionBudget pictures-darkroom-{component}")["spec"]!["selector"]!["matchLabels"]!, labels);
            AssertSelects(Named(objects, $"NetworkPolicy pictures-darkroom-{component}")["spec"]!["podSelector"]!["matchLabels"]!, labels);
        }
        AssertSelects(Named(objects, "Service pictures-darkroom")["spec"]!["selector"]!, api["spec"]!["template"]!["metadata"]!["labels"]!);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Cluster)]
    public async Task Pods_are_asked_where_the_server_answers_stop_later_than_it_and_may_do_little(string values)
    {
        var addresses = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root,
            "tests", "Darkroom.Server.Tests", "Approved", "openapi.json")))!["paths"]!.AsObject();
        foreach (var deployment in (await RenderedAsync(values)).Where(one => KindOf(one) == "Deployment"))
        {
            var (pod, container) = (PodOf(deployment), ContainerOf(deployment));
            foreach (var (probe, path) in new[] { ("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz") })
            {
                Assert.Equal(path, container[probe]!["httpGet"]!["path"]!.ToString());
                Assert.NotNull(addresses[path]);
            }
            var environment = EnvironmentOf(deployment);
            Assert.Equal((int)container["ports"]![0]!["containerPort"]!, new UriBuilder(environment["ASPNETCORE_URLS"].Replace("*", "0.0.0.0")).Port);
            int before = (int?)container["lifecycle"]?["preStop"]!["sleep"]!["seconds"] ?? 0;
            Assert.True(TimeSpan.FromSeconds((int)pod["terminationGracePeriodSeconds"]! - before) > SettingsOf(deployment).DrainTimeout + Drain.MaxAfter);
            Assert.Equal((true, 10001, false), ((bool)pod["securityContext"]!["runAsNonRoot"]!, (int)pod["securityContext"]!["runAsUser"]!,
                (bool)pod["automountServiceAccountToken"]!));
            Assert.Equal("""{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"]}}""",
                container["securityContext"]!.ToJsonString());
            var volumes = pod["volumes"]!.AsArray().Select(one => one!["name"]!.ToString()).Order();
            Assert.Equal(volumes, container["volumeMounts"]!.AsArray().Select(one => one!["name"]!.ToString()).Order());
        }
    }

    [Theory]
    [InlineData("mode: cluster", "mode cluster needs s3.bucket")]
    [InlineData("{mode: cluster, s3: {bucket: pictures}}", "mode cluster needs secret.entries.Postgres")]
    [InlineData("serviceMonitor: {enabled: true}", "serviceMonitor needs secret.entries.MetricsKey")]
    [InlineData("ingress: {enabled: true}", "ingress needs a name in hosts")]
    [InlineData("settings: {DrainTimeout: 600}", "set drainSeconds")]
    public async Task What_cannot_work_is_no_release(string values, string reason)
    {
        Assert.SkipUnless(HelmChart.CanRender, "Neither Helm nor Go with sprig is installed.");
        Assert.Contains(reason, (await HelmChart.RenderAsync(values)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(Cluster, true)]
    [InlineData("mode: several", false)]
    [InlineData("settings: {maxBatch: 8}", false)]
    [InlineData("replicas: 3", false)]
    [InlineData("secret: {entries: {Password: x}}", false)]
    [InlineData("drainSeconds: long", false)]
    [InlineData("mode: cluster", false)]
    [InlineData("autoscaling: {minWorkers: 0}", false)]
    public void Values_have_a_schema(string given, bool isValid)
    {
        var values = Yaml.File("deploy/helm/darkroom/values.yaml");
        if (Yaml.Documents(given) is [JsonObject over]) Merge(values, over);
        var schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "helm", "darkroom", "values.schema.json")));
        Assert.Equal(isValid, schema.Evaluate(JsonSerializer.SerializeToElement(values)).IsValid);
    }

    private static async Task<IReadOnlyList<JsonObject>> RenderedAsync(string values)
    {
        Assert.SkipUnless(HelmChart.CanRender, "Neither Helm nor Go with sprig is installed.");
        var (objects, error) = await HelmChart.RenderAsync(values);
        Assert.Equal("", error);
        Assert.Equal("", await HelmChart.FaultsAsync(objects));
        return objects;
    }

    private static string KindOf(JsonObject one) => one["kind"]!.ToString();

    private static string NameOf(JsonObject one) => $"{KindOf(one)} {one["metadata"]!["name"]}";

    private static JsonObject Named(IReadOnlyList<JsonObject> objects, string name) => objects.Single(one => NameOf(one) == name);

    private static JsonNode PodOf(JsonObject deployment) => deployment["spec"]!["template"]!["spec"]!;

    private static JsonNode ContainerOf(JsonObject deployment) => PodOf(deployment)["containers"]!.AsArray().Single()!;

    private static void AssertSelects(JsonNode selector, JsonNode labels) =>
        Assert.All(selector.AsObject(), one => Assert.Equal(one.Value!.ToString(), labels[one.Key]?.ToString()));

    private static Dictionary<string, string> EnvironmentOf(JsonObject deployment) =>
        ContainerOf(deployment)["env"]!.AsArray().ToDictionary(one => one!["name"]!.ToString(), one => one!["value"]!.ToString());

    /// <summary>What the program makes of a pod's environment: the reader refuses what it does not know.</summary>
    private DarkroomSettings SettingsOf(JsonObject deployment)
    {
        const string mounted = "/run/secrets/darkroom/";
        Assert.Contains(ContainerOf(deployment)["volumeMounts"]!.AsArray(), one => one!["mountPath"]!.ToString() == mounted.TrimEnd('/'));
        return SettingsTable.Read(new ConfigurationBuilder().AddInMemoryCollection(EnvironmentOf(deployment).Select(one => KeyValuePair.Create(
            one.Key.Replace("__", ":", StringComparison.Ordinal),
            (string?)one.Value.Replace(mounted + "api-key", mounted + "api_key", StringComparison.Ordinal)
                .Replace(mounted, secrets.Folder + "/", StringComparison.Ordinal)))).Build(), "/app");
    }

    private static void Merge(JsonObject values, JsonObject over)
    {
        foreach (var (key, value) in over)
            if (value is JsonObject inner && values[key] is JsonObject outer) Merge(outer, inner);
            else values[key] = value?.DeepClone();
    }
}
