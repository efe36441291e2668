using Darkroom.Engine.Jobs;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Telemetry;

/// <summary>Everything the engine says in the log. Ids and numbers, never a prompt.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(2001, LogLevel.Warning, "Job {JobId} failed: {Kind}: {Detail}")]
    public static partial void JobFailed(ILogger log, string jobId, JobFailureKind kind, string detail);

    [LoggerMessage(2002, LogLevel.Error, "The picture of job {JobId} could not be delivered")]
    public static partial void DeliveryFailed(ILogger log, string jobId, Exception exception);

    [LoggerMessage(2003, LogLevel.Critical, "The engine's loop failed; the jobs in flight are given up and it goes on")]
    public static partial void LoopFailed(ILogger log, Exception exception);

    [LoggerMessage(2004, LogLevel.Information, "Stopping: {Jobs} jobs are in flight")]
    public static partial void Draining(ILogger log, int jobs);

    [LoggerMessage(2005, LogLevel.Information, "Model {Model} loaded in {Milliseconds} ms")]
    public static partial void ModelLoaded(ILogger log, string model, long milliseconds);

    [LoggerMessage(2006, LogLevel.Error, "Model {Model} could not be loaded: {Reason}")]
    public static partial void ModelFailed(ILogger log, string model, string reason, Exception exception);

    [LoggerMessage(2007, LogLevel.Error, "A row of job {JobId} failed")]
    public static partial void RowFailed(ILogger log, string jobId, Exception exception);

    [LoggerMessage(2008, LogLevel.Error, "A batch of {Kind} failed: {Plan}")]
    public static partial void BatchFailed(ILogger log, string kind, string plan, Exception exception);

    [LoggerMessage(2009, LogLevel.Warning, "What calls cost could not be read from {Path}: {Reason}")]
    public static partial void CostsUnread(ILogger log, string path, string reason);

    [LoggerMessage(2010, LogLevel.Warning, "What calls cost could not be written to {Path}: {Reason}")]
    public static partial void CostsUnwritten(ILogger log, string path, string reason);

    [LoggerMessage(2011, LogLevel.Warning, "A preview of job {JobId} could not be made; the job goes on")]
    public static partial void PreviewFailed(ILogger log, string jobId, Exception exception);

    [LoggerMessage(2012, LogLevel.Error, "What job {JobId} owned could not be released")]
    public static partial void ReleaseFailed(ILogger log, string jobId, Exception exception);

    [LoggerMessage(2013, LogLevel.Warning, "Job {JobId} was held by a process that died: it is {State} now, after {LostClaims} such deaths")]
    public static partial void JobRecovered(ILogger log, string jobId, JobState state, int lostClaims);

    [LoggerMessage(2014, LogLevel.Warning, "Stopped with {Jobs} jobs unfinished")]
    public static partial void LeftUnfinished(ILogger log, int jobs);

    [LoggerMessage(2015, LogLevel.Error, "The store could not be told that this process stops; its jobs are free when their leases run out")]
    public static partial void LeaveFailed(ILogger log, Exception exception);

    [LoggerMessage(2016, LogLevel.Information, "Removed {Pictures} pictures and {Inputs} sent files that are too old or belong to no job")]
    public static partial void Swept(ILogger log, int pictures, int inputs);

    [LoggerMessage(2017, LogLevel.Warning, "The pictures could not be swept; it is tried again later")]
    public static partial void SweepFailed(ILogger log, Exception exception);

    [LoggerMessage(2018, LogLevel.Information, "Removed {Jobs} finished jobs that are too old")]
    public static partial void JobsSwept(ILogger log, int jobs);

    [LoggerMessage(2019, LogLevel.Warning, "Finished jobs could not be swept; it is tried again later")]
    public static partial void JobSweepFailed(ILogger log, Exception exception);

    [LoggerMessage(2020, LogLevel.Error, "Nothing can be written of jobs, and it is tried again: {Reason}")]
    public static partial void StoreFull(ILogger log, string reason);

    [LoggerMessage(2021, LogLevel.Warning, "The picture of job {JobId} waits for the store of pictures: {Reason}")]
    public static partial void DeliveryWaits(ILogger log, string jobId, string reason);

    [LoggerMessage(2022, LogLevel.Error, "The store of {Store} cannot be used, and it is tried again: {Reason}")]
    public static partial void StoreAway(ILogger log, string store, string reason);

    [LoggerMessage(2023, LogLevel.Information, "The store of {Store} can be used again")]
    public static partial void StoreBack(ILogger log, string store);

    [LoggerMessage(2024, LogLevel.Warning, "What this process can make could not be told to others, and it is tried again: {Reason}")]
    public static partial void CardNotPublished(ILogger log, string reason);

    [LoggerMessage(2025, LogLevel.Warning, "The workers' cards could not be read, and it is tried again: {Reason}")]
    public static partial void WorkersNotSeen(ILogger log, string reason);

    [LoggerMessage(2026, LogLevel.Warning, "The queue could not be measured: {Reason}")]
    public static partial void QueueNotMeasured(ILogger log, string reason);

    [LoggerMessage(2027, LogLevel.Warning, "Old usage could not be swept; it is tried again later")]
    public static partial void UsageSweepFailed(ILogger log, Exception exception);

    [LoggerMessage(2031, LogLevel.Warning,
        "A call of {Kind} of the model {Model} is stopped after {Seconds:F1} s, estimated at {Estimate:F2} s (a job waits for it: {Wanted})")]
    public static partial void CallStopped(ILogger log, string kind, string model, double seconds, double estimate, bool wanted);

    [LoggerMessage(2032, LogLevel.Critical, "Device {Device} does not come back from a call of {Kind} of the model {Model}, and is given up")]
    public static partial void DeviceLost(ILogger log, int device, string kind, string model);
}
