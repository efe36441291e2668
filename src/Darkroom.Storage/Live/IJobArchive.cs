using Darkroom.Engine.Jobs;

namespace Darkroom.Storage.Live;

/// <summary>Finished jobs that have left memory, for a store that outlives the process. It is asked from several threads.</summary>
internal interface IJobArchive
{
    /// <summary>A finished job; null where there is none of that id.</summary>
    JobRecord? Find(string id);

    /// <summary>A job of any state that holds a caller's key.</summary>
    JobRecord? FindKey(string caller, string key);

    /// <summary>Finished jobs of a list, newest first: at most one more than the query's limit.</summary>
    IReadOnlyList<Job> List(JobQuery query);

    /// <summary>Jobs that are old enough to go, the first to finish first.</summary>
    IReadOnlyList<JobRecord> Finished(SweepQuery query, int limit);
}
