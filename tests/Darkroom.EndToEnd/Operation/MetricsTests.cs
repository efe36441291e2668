using System.Globalization;
using System.Text.RegularExpressions;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>What a scrape of a working server sees. Names, units and labels are a contract with dashboards: a change here is one for them.</summary>
public sealed partial class MetricsTests
{
    /// <summary>Each of our metrics with its labels.</summary>
    private static readonly string[] Contract =
    [
        "darkroom_batch_size model stage", "darkroom_batch_wait_seconds model stage", "darkroom_build_info version runtime",
        "darkroom_call_duration_seconds model stage", "darkroom_denoise_step_seconds model", "darkroom_descriptors_limit",
        "darkroom_descriptors_open", "darkroom_device_busy_seconds_total device", "darkroom_device_memory_bytes device kind",
        "darkroom_device_seconds_total device model", "darkroom_event_streams_open", "darkroom_graph_run_duration_seconds part",
        "darkroom_images_total model task", "darkroom_job_attempts model task", "darkroom_job_duration_seconds model task", "darkroom_jobs_running",
        "darkroom_jobs_total model outcome reason task", "darkroom_megapixel_steps_total model task", "darkroom_memory_bytes part",
        "darkroom_memory_limit_bytes part", "darkroom_model_load_duration_seconds model outcome", "darkroom_model_state model state",
        "darkroom_oom_total action",
        "darkroom_part_opened_total", "darkroom_processor_seconds_total device model", "darkroom_queue_jobs priority",
        "darkroom_queue_oldest_seconds", "darkroom_queue_paused", "darkroom_queue_wait_seconds model task", "darkroom_queue_work",
        "darkroom_rows_running", "darkroom_stage_seconds model stage task",
    ];

    [Fact]
    public async Task Scrape_has_every_metric_with_its_labels_and_counts_what_was_done()
    {
        await using var server = await StartedServer.StartAsync();
        (await server.Client.PostAsync(new { prompt = "a canary that no metric shows", steps = 4, count = 2, upscale = (object?)null })).Succeeded();
        await server.Client.PostAsync(new { prompt = "x", steps = 0 }); // refused: no job
        string id = await server.Client.BeginAsync(new { prompt = "y", steps = 150, count = 4 });
        await server.Client.CancelAsync(id);
        await server.Client.GetStringAsync($"/v1/jobs/{id}/events");
        string text = "";
        await Calls.UntilAsync("the end is counted", async () =>
            (text = await server.Client.GetStringAsync("/metrics")).Contains("outcome=\"cancelled\"", StringComparison.Ordinal));

        var seen = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n').Where(line => line.StartsWith("darkroom_", StringComparison.Ordinal)))
        {
            string name = Suffix().Replace(Name().Match(line).Value, "");
            if (!seen.TryGetValue(name, out var labels)) seen.Add(name, labels = new(StringComparer.Ordinal));
            labels.UnionWith(Labels().Matches(line).Select(label => label.Groups[1].Value).Where(label => label is not ("le" or "otel_scope_name")));
        }
        // Where the machine tells its energy.
        if (seen.Remove("darkroom_energy_joules_total", out var ofEnergy)) Assert.Equal(["device", "model"], ofEnergy);
        var found = seen.Select(one => $"{one.Key} {string.Join(' ', one.Value)}".TrimEnd());
        Assert.Equal(Contract.Select(row => string.Join(' ', row.Split(' ').Take(1).Concat(row.Split(' ').Skip(1).Order(StringComparer.Ordinal)))), found);

        Assert.Equal(2, Value(text, "darkroom_images_total{"));
        Assert.Equal(1, Value(text, "outcome=\"succeeded\""));
        Assert.Contains("http_server_request_duration_seconds", text, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        Assert.DoesNotContain(id, text, StringComparison.Ordinal);
    }

    private static double Value(string text, string part) => text.Split('\n')
        .Where(line => line.StartsWith("darkroom_", StringComparison.Ordinal) && line.Contains(part, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));

    [GeneratedRegex("^[a-z_]+")]
    private static partial Regex Name();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();

    [GeneratedRegex("([a-z_]+)=\"")]
    private static partial Regex Labels();
}
