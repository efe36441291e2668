using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Execution;

/// <summary>Where jobs stand: what they still need, what their callers have left of the round, and who is behind. Only the engine's loop touches it.</summary>
internal sealed class Standings(FairShare shares, StarvationGuard guard)
{
    private readonly HashSet<string> callers = [];

    /// <summary>Looks at every job, once in a tick: begins new rounds of shares where it is time, and finds the late ones.</summary>
    /// <param name="line">Jobs that wait.</param>
    /// <param name="offered">What they need.</param>
    /// <param name="active">Jobs in flight.</param>
    /// <param name="costs">Of the devices.</param>
    public void Look(WaitingLine line, OfferedWork offered, ActiveJobs active, ICallCosts costs)
    {
        callers.Clear();
        guard.Begin(line.Now.UtcTicks / (double)TimeSpan.TicksPerSecond);
        double max = 0;
        foreach (var job in active.Jobs)
        {
            callers.Add(job.Request.Caller);
            max = Math.Max(max, job.Work.MegapixelSteps);
            guard.Add(job.Job.Id, Of(job, costs, line.Now), job.IsLoading);
        }
        for (int i = 0; i < line.Jobs.Count; i++) // by index: an enumerator would be allocated at every tick
        {
            var job = line.Jobs[i];
            var work = offered.Of(job);
            callers.Add(job.Request.Caller);
            max = Math.Max(max, work.MegapixelSteps);
            guard.Add(job.Id, Of(job, work, costs, line.Now));
        }
        guard.End();
        if (max > 0) shares.BeginRounds(callers, max);
    }

    /// <summary>Where a waiting job stands.</summary>
    public Standing Of(Job job, JobWork work, ICallCosts costs, DateTimeOffset now)
    {
        double seconds = work.SecondsOf(costs) * job.Request.Count;
        return new Standing((now - job.CreatedAt).TotalSeconds, seconds, seconds, job.Request.Priority, shares.IsOver(job.Request.Caller),
            guard.DebtTo(job.Id));
    }

    /// <summary>Where a job in flight stands.</summary>
    public Standing Of(ActiveJob job, ICallCosts costs, DateTimeOffset now)
    {
        double left = 0;
        bool begun = false;
        foreach (var row in job.Rows)
        {
            left += row.SecondsLeft(costs);
            begun |= row.Memory.StepsDone > 0;
        }
        return new Standing((now - job.Job.CreatedAt).TotalSeconds, left, job.Work.SecondsOf(costs) * job.Rows.Count, job.Request.Priority,
            shares.IsOver(job.Request.Caller, begun), guard.DebtTo(job.Job.Id));
    }
}
