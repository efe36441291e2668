using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Estimates;

/// <summary>When a job will be done, from the pace of its own steps, and before those from the pace of finished jobs like it. Pure.</summary>
public static class Eta
{
    /// <summary>Finished jobs that <see cref="Recent"/> is worth asking for.</summary>
    public const int RecentJobs = 32;

    /// <summary>Seconds left for a running job.</summary>
    /// <param name="progress">Where it stands.</param>
    /// <param name="recent">Seconds per step of jobs like it; null: unknown.</param>
    /// <param name="now">What has passed since the newest round of steps is taken off.</param>
    /// <returns>At least 0; null where nothing was measured yet, or it is not known how much there is to do.</returns>
    public static double? Running(JobProgress progress, double? recent, DateTimeOffset now)
    {
        if (progress.Steps == 0 || (progress.Pace?.SecondsPerStep ?? recent) is not { } step) return null;
        return progress.Pace is { } pace
            ? Math.Max(0, (progress.Steps - pace.Step) * step - (now - pace.At).TotalSeconds)
            : (progress.Steps - progress.Step) * step;
    }

    /// <summary>Seconds until a waiting job is done: those before it share calls of the network as far as they fit, then come its own steps.</summary>
    /// <param name="progress">Of the job.</param>
    /// <param name="ahead">What comes first.</param>
    /// <param name="rows">Rows that share a call at most, at least 1.</param>
    /// <param name="recent">Seconds per step of jobs like it; null: unknown.</param>
    /// <returns>Null where no job like it was measured, or it is not known how much there is to do.</returns>
    public static double? Waiting(JobProgress progress, QueueAhead ahead, int rows, double? recent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return progress.Steps > 0 && recent is { } step ? (progress.Steps + (double)ahead.Steps / rows) * step : null;
    }

    /// <summary>Seconds per step, over finished jobs of the same model, size and lanes of guidance: their mean, null where there are none.</summary>
    /// <param name="finished">Jobs that succeeded, as many as are at hand.</param>
    /// <param name="like">What is to be estimated.</param>
    public static double? Recent(IEnumerable<Job> finished, GenerationRequest like)
    {
        ArgumentNullException.ThrowIfNull(finished);
        ArgumentNullException.ThrowIfNull(like);
        double[] paces = [.. finished.Where(job => IsLike(job.Request, like)).Select(job => job.Progress.Pace?.SecondsPerStep).OfType<double>()];
        return paces.Length == 0 ? null : paces.Average();
    }

    private static bool IsLike(GenerationRequest one, GenerationRequest other) =>
        (one.Model, one.Width, one.Height, one.Canvas, one.IsGuided, one.Count)
        == (other.Model, other.Width, other.Height, other.Canvas, other.IsGuided, other.Count);
}

/// <summary>How a job stands beyond its own data: its place in the queue, and when it will be done.</summary>
/// <param name="Position">Waiting jobs before it; 0: it is next. Null where it does not wait.</param>
/// <param name="Eta">Seconds until it is done; null: unknown, or it is finished.</param>
public readonly record struct JobOutlook(int? Position, double? Eta);
