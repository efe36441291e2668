using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Server.Automatic1111.Calls;

/// <summary>A caller's calls that are not finished, as the queue knows them: whichever process took them, any can tell of them and stop them.</summary>
/// <param name="Id">The call's name.</param>
/// <param name="Jobs">Those that run or wait, first pictures first.</param>
internal sealed record OwnCall(string Id, IReadOnlyList<Job> Jobs)
{
    private SurfaceCall Of => Jobs[0].Request.Call!;

    public bool Runs => Jobs.Any(job => job.State == JobState.Running);

    /// <summary>The job that a person would look at.</summary>
    public Job Current => Jobs.FirstOrDefault(job => job.State == JobState.Running) ?? Jobs[0];

    public int Batches => (Of.Pictures + Of.Batch - 1) / Of.Batch;

    /// <summary>Steps of a picture.</summary>
    public int Steps => Jobs[0].Request.StepsRun;

    /// <summary>0…1 of all its pictures. Those before the first job that is left are done.</summary>
    public double Share => Math.Clamp(
        (Of.First + Jobs.Sum(job => job.State == JobState.Running ? job.Progress.Share * job.Request.Count : 0)) / Of.Pictures, 0, 1);

    public bool IsInterrupted => Jobs.Any(job => !job.FinishesEarly.IsEmpty);

    /// <summary>Calls of a caller, those that run first, the oldest first among them.</summary>
    public static async ValueTask<IReadOnlyList<OwnCall>> AllAsync(IGenerationQueue queue, string caller, CancellationToken cancellation)
    {
        var jobs = new List<Job>();
        foreach (var state in (JobState[])[JobState.Queued, JobState.Running]) // in this order: one that is claimed in between is in both, and never in none
            for (JobPlace? after = null; ;)
            {
                var page = await queue.ListAsync(new JobQuery(state, 200, after) { Caller = caller }, cancellation);
                jobs.AddRange(page.Jobs.Where(job => job.Request.Call is not null && job.Request.Caller == caller));
                if ((after = page.Next) is null) break;
            }
        return
        [
            .. jobs.GroupBy(job => job.Id).Select(same => same.Last()).GroupBy(job => job.Request.Call!.Id)
                .Select(one => new OwnCall(one.Key, [.. one.OrderBy(job => job.Request.Call!.First)]))
                .OrderByDescending(call => call.Runs).ThenBy(call => call.Jobs.Min(job => job.CreatedAt)),
        ];
    }
}
