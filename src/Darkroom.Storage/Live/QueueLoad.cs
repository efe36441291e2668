using Darkroom.Engine.Jobs;

namespace Darkroom.Storage.Live;

/// <summary>How much waits, of all callers and of each.</summary>
internal sealed class QueueLoad
{
    private readonly Dictionary<string, Waiting> callers;

    public QueueLoad() => callers = [];

    /// <param name="all">What waits.</param>
    /// <param name="callers">Of those callers who are asked for.</param>
    public QueueLoad(Waiting all, Dictionary<string, Waiting> callers) => (All, this.callers) = (all, callers);

    public Waiting All { get; private set; }

    public Waiting Of(string caller) => callers.GetValueOrDefault(caller);

    /// <summary>A job changes from one record to the next; null: it was not there, or is no more.</summary>
    public void Change(JobRecord? before, JobRecord? next)
    {
        if (before is { Job.State: JobState.Queued }) Count(before, -1);
        if (next is { Job.State: JobState.Queued }) Count(next, 1);
    }

    public void Clear()
    {
        callers.Clear();
        All = default;
    }

    private void Count(JobRecord record, int sign)
    {
        string caller = record.Job.Request.Caller;
        All = All.Plus(sign, sign * record.Cost);
        var own = Of(caller).Plus(sign, sign * record.Cost);
        if (own.Jobs == 0) callers.Remove(caller);
        else callers[caller] = own;
    }

    /// <param name="Jobs">That wait.</param>
    /// <param name="Cost">Megapixel-steps of them.</param>
    internal readonly record struct Waiting(int Jobs, double Cost)
    {
        // An empty queue costs nothing: what rounding left is dropped.
        public Waiting Plus(int jobs, double cost) => Jobs + jobs == 0 ? default : new(Jobs + jobs, Cost + cost);
    }
}
