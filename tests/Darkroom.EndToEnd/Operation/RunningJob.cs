using System.Text.RegularExpressions;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>A long request on its way, with its caller's connection and its job's id, which the server logs at level Debug.</summary>
internal sealed partial class RunningJob(Task<Answer> answer, string id)
{
    public const int Steps = 150;

    public static readonly (string, string) Debug = ("Serilog__MinimumLevel__Default", "Debug");

    /// <summary>What the caller gets in the end.</summary>
    public Task<Answer> Answer => answer;

    public string Id => id;

    /// <summary>Posts a request and waits until it is some steps on its way.</summary>
    public static async Task<RunningJob> StartAsync(StartedServer server, string requestId, int steps = Steps, CancellationToken left = default)
    {
        // Heun: two calls of the network a step.
        var answer = server.Client.PostAsync(new { prompt = "fox", seed = 1, steps, sampler = "heun" }, id: requestId, cancellation: left);
        string? id = null;
        await Calls.UntilAsync("the job is in the log", () =>
        {
            id = server.Output.Split('\n').Where(line => line.Contains(requestId, StringComparison.Ordinal)).Select(line => Waits().Match(line))
                .FirstOrDefault(match => match.Success)?.Groups[1].Value;
            return Task.FromResult(id is not null);
        });
        var job = new RunningJob(answer, id!);
        await Calls.UntilAsync("the job is on its way", async () => await job.StepAsync(server) > 2);
        return job;
    }

    public async Task<string> StateAsync(StartedServer server) =>
        (await server.Client.FetchAsync("/v1/jobs/" + Id)).Succeeded().GetProperty("status").GetString()!;

    public async Task<int> StepAsync(StartedServer server) =>
        (await server.Client.FetchAsync("/v1/jobs/" + Id)).Succeeded().GetProperty("progress").GetProperty("step").GetInt32();

    [GeneratedRegex("""waits for job \\?"([0-9a-f]{32})""")]
    private static partial Regex Waits();
}
