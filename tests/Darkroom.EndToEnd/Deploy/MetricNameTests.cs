using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Darkroom.TestKit;
using Darkroom.TestKit.Deploy;

namespace Darkroom.EndToEnd.Deploy;

/// <summary>Alerts, dashboard and chart against a scrape of a real server: what they ask for is there, and what is there is shown.</summary>
public sealed partial class MetricNameTests
{
    // Metrics of ours that the dashboard does not show, each with its reason.
    private static readonly Dictionary<string, string> NotShown = [];

    // Labels that Prometheus adds to what it scrapes.
    private static readonly string[] OfScraper = ["instance", "job", "namespace", "service", "pod"];

    private static readonly string[] Functions = ["histogram_quantile", "label_values"];

    [Fact]
    public async Task Every_metric_and_label_that_is_asked_for_exists_and_every_metric_is_shown()
    {
        var scraped = await ScrapedMetrics.OfAsync();
        var (alerts, dashboard) = (Alerts().ToList(), Dashboard().ToList());
        string chart = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "helm", "darkroom", "templates", "autoscaling.yaml"),
            TestContext.Current.CancellationToken);
        var query = Assert.Single(Query().Matches(chart)).Groups[1].Value;
        Assert.True(alerts.Count >= 12 && dashboard.Count >= 40, $"{alerts.Count} alerts and {dashboard.Count} queries were found.");
        foreach (string expression in alerts.Concat(dashboard).Append(query))
        {
            Assert.NotEmpty(NamesIn(expression));
            Assert.All(NamesIn(expression), name => Assert.True(scraped.Labels.ContainsKey(name), $"{name} of '{expression}' is no metric."));
            foreach (Match selector in Selector().Matches(expression))
                foreach (Match label in LabelName().Matches(selector.Groups[2].Value))
                {
                    var its = scraped.Labels[selector.Groups[1].Value];
                    string name = label.Groups[1].Value, value = label.Groups[3].Value;
                    Assert.True(OfScraper.Contains(name) || its.Any(one => one.Name == name), $"There is no label {name}: {expression}");
                    if (name == "stage") Assert.Contains((name, value), its);
                }
            foreach (Match by in By().Matches(expression))
                Assert.All(by.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries), label => Assert.True(
                    OfScraper.Contains(label) || NamesIn(expression).Any(name => scraped.Labels[name].Any(one => one.Name == label)),
                    $"{label}, {expression}"));
        }

        var shown = dashboard.SelectMany(NamesIn).Select(Family).ToHashSet();
        var ours = scraped.Labels.Keys.Where(name => name.StartsWith("darkroom_", StringComparison.Ordinal)).Select(Family).ToHashSet();
        Assert.Equal(NotShown.Keys.Order(), ours.Except(shown).Order());
        Assert.InRange(ours.Count, 29, int.MaxValue); // as many as there were when this was written: the scrape saw them all
    }

    [Fact]
    public async Task Prometheus_can_read_the_rules_the_configuration_and_every_query_of_the_dashboard()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/promtool"), "promtool is not installed.");
        string folder = Path.Combine(Repository.Root, "deploy", "prometheus");
        Assert.Equal(0, await PromtoolAsync("check", "rules", Path.Combine(folder, "alerts.yml")));
        Assert.Equal(0, await PromtoolAsync("check", "config", "--syntax-only", Path.Combine(folder, "prometheus.yml")));
        Assert.Equal(0, await PromtoolAsync("test", "rules", Path.Combine(Repository.Root, "tests", "prometheus", "alerts.test.yml")));

        // As rules: a dashboard has no checker of its own.
        var queries = Dashboard().Where(query => !query.StartsWith("label_values", StringComparison.Ordinal)).Select((query, i) =>
            (JsonNode)new JsonObject { ["record"] = $"query:{i}", ["expr"] = Filled(query) });
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new JsonObject
        {
            ["groups"] = new JsonArray(new JsonObject { ["name"] = "dashboard", ["rules"] = new JsonArray([.. queries]) }),
        }.ToJsonString(), TestContext.Current.CancellationToken);
        Assert.Equal(0, await PromtoolAsync("check", "rules", file));
        await File.WriteAllTextAsync(file, """{"groups":[{"name":"wrong","rules":[{"record":"query:0","expr":"sum(rate(x[5m])"}]}]}""",
            TestContext.Current.CancellationToken);
        Assert.NotEqual(0, await PromtoolAsync("check", "rules", file));
        File.Delete(file);
    }

    private static IEnumerable<string> Alerts() => Yaml.File("deploy/prometheus/alerts.yml")["groups"]!.AsArray()
        .SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!["expr"]!.ToString());

    private static IEnumerable<string> Dashboard()
    {
        var board = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "grafana", "dashboards", "darkroom.json")))!;
        return board["panels"]!.AsArray().SelectMany(panel => panel!["targets"]?.AsArray() ?? []).Select(target => target!["expr"]!.ToString())
            .Concat(board["templating"]!["list"]!.AsArray().Where(one => one!["type"]!.ToString() == "query")
                .Select(one => one!["query"]!["query"]!.ToString()));
    }

    private static string Filled(string query) => query.Replace("$__rate_interval", "5m", StringComparison.Ordinal)
        .Replace("$instance", ".*", StringComparison.Ordinal).Replace("$model", ".*", StringComparison.Ordinal);

    private static IReadOnlyList<string> NamesIn(string expression) =>
        [.. Name().Matches(NoName().Replace(expression, " ")).Select(match => match.Value).Except(Functions).Distinct()];

    private static string Family(string name) => Suffix().Replace(name, "");

    private static async Task<int> PromtoolAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/promtool", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) TestContext.Current.SendDiagnosticMessage("{0}{1}", await output, error);
        return process.ExitCode;
    }

    // Selectors, groupings and texts hold labels and no metrics.
    [GeneratedRegex(@"\{[^}]*\}|(?:by|on|without) ?\([^)]*\)|""[^""]*""|\$__\w+")]
    private static partial Regex NoName();

    [GeneratedRegex(@"[a-z][a-z0-9]*(?:_[a-z0-9]+)+|\bup\b")]
    private static partial Regex Name();

    [GeneratedRegex(@"([a-z][a-z0-9_]+)\{([^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex("([a-z_]+)(=~|!~|!=|=)\"([^\"]*)\"")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"by \(([^)]*)\)")]
    private static partial Regex By();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();

    [GeneratedRegex("query: (.+)")]
    private static partial Regex Query();
}
