using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Readings;

/// <summary>How fast jobs are done, over the last minute, as far as this process ends them. Safe for any number of threads.</summary>
public sealed class JobRates(TimeProvider time)
{
    private readonly MinuteWindow jobs = new(time), pictures = new(time), work = new(time);

    public RateReading Now => new(jobs.PerSecond, pictures.PerSecond, work.PerSecond);

    /// <summary>A job ended; only one that succeeded counts.</summary>
    internal void Ended(Job job)
    {
        if (job.State != JobState.Succeeded) return;
        jobs.Add(1);
        pictures.Add(job.Result?.Images.Count ?? 0);
        work.Add(JobCost.MegapixelSteps(job));
    }
}
