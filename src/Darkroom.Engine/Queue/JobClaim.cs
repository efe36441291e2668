using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Queue;

/// <summary>A process that runs jobs.</summary>
/// <param name="Id">Another one for every start, so that a process never takes what it held before a restart for its own.</param>
/// <param name="Lease">How long what it claimed is its own after its last sign of life (<see cref="IJobStore.RenewAsync"/>).</param>
public sealed record JobOwner(string Id, TimeSpan Lease);

/// <summary>One claim of a job: the job and the <see cref="Job.Attempt"/> that it made.</summary>
public readonly record struct JobClaim(string JobId, int Attempt);

/// <summary>Pictures of a claimed job that are to be finished as they stand.</summary>
public readonly record struct EarlyFinish(string JobId, PictureSet Pictures);
