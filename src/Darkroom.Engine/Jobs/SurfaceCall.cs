namespace Darkroom.Engine.Jobs;

/// <summary>The call of a surface that a job is a part of, where one call is several jobs: how it is found again, from any process.</summary>
/// <param name="Id">The caller's own name for the call, or the surface's.</param>
/// <param name="Pictures">Of the whole call.</param>
/// <param name="First">Number of the job's first picture in it, from 0.</param>
/// <param name="Batch">Pictures that the caller counts as one round of work.</param>
public sealed record SurfaceCall(string Id, int Pictures, int First, int Batch);
