using Darkroom.Engine.Jobs;

namespace Darkroom.Storage.Postgres;

/// <summary>The newest steps that other processes told of their jobs, for as long as they go on telling: no row has them.</summary>
internal sealed class RemoteSteps
{
    private const int Max = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (StepsDone Done, JobProgress Progress, DateTimeOffset At)> jobs = [];

    public void Learn(StepsDone done, DateTimeOffset at)
    {
        lock (gate)
        {
            bool goesOn = jobs.TryGetValue(done.Id, out var known) && known.Done.Attempt == done.Attempt && known.Done.Step < done.Step;
            if (jobs.Count >= Max && !goesOn) Forget();
            jobs[done.Id] = (done, (goesOn ? known.Progress : new JobProgress(0, done.Steps)).At(done.Step, done.Steps, at, 1), at);
        }
    }

    public (JobProgress Progress, DateTimeOffset At)? Find(string id, int attempt)
    {
        lock (gate) return jobs.TryGetValue(id, out var known) && known.Done.Attempt == attempt ? (known.Progress, known.At) : null;
    }

    /// <summary>The half that was told of longest ago.</summary>
    private void Forget()
    {
        foreach (string id in jobs.OrderBy(one => one.Value.At).Take(Max / 2).Select(one => one.Key).ToArray()) jobs.Remove(id);
    }
}
