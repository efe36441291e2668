namespace Darkroom.TestKit.Faults;

/// <summary>Promise 2 between servers: a worker that was stopped past its lease and goes on changes nothing. <c>ClusterTests</c> does it once.</summary>
public sealed class StopScenario : IFaultScenario
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), Late = TimeSpan.FromSeconds(2);

    public string Name => "stop";

    public string Does => "SIGSTOP of the worker that has a job, past its lease of 4 s; another makes the job; SIGCONT";

    public async Task RunAsync(FaultScale scale, FaultNotes notes)
    {
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(notes);
        using var cluster = new Cluster();
        await using var api = await cluster.StartAsync("api");
        var worker = await cluster.StartAsync("worker");
        try
        {
            await Cluster.SeesModelsAsync(api);
            int times = scale.Count(1, 10);
            for (int i = 0; i < times; i++)
            {
                var order = Orders.Small(seed: i, steps: 150, count: 2);
                string id = await api.Client.BeginAsync(order);
                await api.Client.RunsAsync(id);
                worker.Send(Signal.Stop);
                var stopped = worker;
                worker = await cluster.StartAsync("worker");
                var done = await api.Client.EndAsync(id, Patience);
                stopped.Send(Signal.Continue);
                await Task.Delay(Late);
                await CheckAsync(api.Client, id, done, notes);
                await stopped.DisposeAsync();
                var (_, alone) = await api.Client.PostAsync(order, waits: true);
                notes.Check(Orders.HashesOf(alone).SequenceEqual(Orders.HashesOf(done)), $"The pictures of {id} are others alone.");
            }
            notes.Figure($"{times} jobs, two pictures each compared with the same request alone");
        }
        finally
        {
            await worker.DisposeAsync();
        }
    }

    private static async Task CheckAsync(HttpClient client, string id, System.Text.Json.JsonElement done, FaultNotes notes)
    {
        notes.Check(Orders.StatusOf(done) == "succeeded", $"The job ended as {done}.");
        var (_, after) = await client.AskAsync(HttpMethod.Get, "/v1/jobs/" + id);
        notes.Check(after.GetRawText() == done.GetRawText(), $"The job changed after its end: {done} became {after}.");
        string told = await client.GetStringAsync($"/v1/jobs/{id}/events");
        int ends = told.Split('\n').Count(line => line is "event: succeeded" or "event: failed" or "event: cancelled" or "event: expired");
        notes.Check(ends == 1, $"The events of {id} have {ends} ends.");
    }
}
