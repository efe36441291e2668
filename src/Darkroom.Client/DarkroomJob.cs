using System.Runtime.CompilerServices;
using Darkroom.Client.Wire;

namespace Darkroom.Client;

/// <summary>A job on a server, to be followed, waited for or ended. It is there without this object, too: its <see cref="Id"/> finds it again.</summary>
public sealed class DarkroomJob
{
    private readonly ServerCalls calls;

    internal DarkroomJob(ServerCalls calls, string id, JobSnapshot? started) => (this.calls, Id, Started) = (calls, id, started);

    /// <summary>Finds it again, in another process too: <see cref="DarkroomClient.GetJob"/>.</summary>
    public string Id { get; }

    /// <summary>The job as it was accepted; null for one that was found by its id.</summary>
    public JobSnapshot? Started { get; }

    private string Path => "v1/jobs/" + Uri.EscapeDataString(Id);

    /// <summary>The job as it stands.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="DarkroomException">404: there is no such job, or it is no longer held.</exception>
    public Task<JobSnapshot> GetAsync(CancellationToken cancellationToken = default) =>
        calls.GetAsync(Path, ClientJson.Default.JobSnapshot, cancellationToken);

    /// <summary>
    /// What happens to the job, until its end, which is the last event. A connection that breaks is opened again, and the reading goes on after the last event
    /// that came; so it does over a restart of the server (<see cref="DarkroomClientOptions.ReconnectFor"/>).
    /// </summary>
    /// <param name="cancellationToken">Stops the reading; the job goes on.</param>
    /// <exception cref="DarkroomException">404: there is no such job, or it is no longer held.</exception>
    public IAsyncEnumerable<JobEvent> WatchAsync(CancellationToken cancellationToken = default) => WatchAsync(null, cancellationToken);

    /// <summary>The same, from where an earlier reader stopped.</summary>
    /// <param name="after"><see cref="JobEvent.Mark"/> of the last event that was seen; null: from the beginning.</param>
    /// <param name="cancellationToken">Stops the reading; the job goes on.</param>
    public async IAsyncEnumerable<JobEvent> WatchAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var happened in new JobFeed(calls, Id).ReadAsync(after, cancellationToken).ConfigureAwait(false)) yield return happened;
    }

    /// <summary>Waits for the job's pictures, which the result has by their addresses: <see cref="DarkroomClient.DownloadImagesAsync"/> fetches them.</summary>
    /// <param name="cancellationToken">Stops the waiting; the job goes on.</param>
    /// <exception cref="DarkroomJobException">The job ended without pictures.</exception>
    /// <exception cref="DarkroomException">404: there is no such job, or it is no longer held.</exception>
    public Task<GenerationResult> WaitAsync(CancellationToken cancellationToken = default) => WaitAsync(null, cancellationToken);

    /// <summary>The same, and tells what happens on the way.</summary>
    /// <param name="progress">Is told every event, the end included; null: nobody.</param>
    /// <param name="cancellationToken">Stops the waiting; the job goes on.</param>
    public async Task<GenerationResult> WaitAsync(IProgress<JobEvent>? progress, CancellationToken cancellationToken = default)
    {
        await foreach (var happened in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            progress?.Report(happened);
            switch (happened)
            {
                case JobSucceeded succeeded: return succeeded.Result;
                case JobFailed failed: throw new DarkroomJobException(Id, JobStatus.Failed, failed.Problem);
                case JobCancelled cancelled: throw new DarkroomJobException(Id, JobStatus.Cancelled, cancelled.Problem);
                case JobExpired expired: throw new DarkroomJobException(Id, JobStatus.Expired, expired.Problem);
            }
        }
        // The stream ended by something that this client does not know.
        var last = await GetAsync(cancellationToken).ConfigureAwait(false);
        return last.Result ?? throw new DarkroomJobException(Id, last.Status, last.Problem ?? new() { Detail = $"The job is {last.Status}.", JobId = Id });
    }

    /// <summary>Cancels the job at its next step. One that has ended is left as it is.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns>The job as it stands then.</returns>
    /// <exception cref="DarkroomException">404: there is no such job, or it is no longer held.</exception>
    public Task<JobSnapshot> CancelAsync(CancellationToken cancellationToken = default) =>
        calls.SendAsync(HttpMethod.Delete, Path, null, ClientJson.Default.JobSnapshot, cancellationToken);

    /// <summary>Ends the job where it still goes on, and removes it from the server with its prompt and pictures, those sent and those made.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="DarkroomException">404: there is no such job, or it is no longer held.</exception>
    public Task PurgeAsync(CancellationToken cancellationToken = default) =>
        calls.SendAsync(() => calls.Request(HttpMethod.Delete, Path + "?purge=true"), static (_, _) => Task.FromResult(true), cancellationToken);

    /// <summary>Ends the denoising at its next step: the pictures are finished as they stand, and the job succeeds with them.</summary>
    /// <param name="image">Index of the one picture that is finished so; null: all.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns>The job as it stands then.</returns>
    /// <exception cref="DarkroomException">409: the job does not run. 404: there is no such job. 422: there is no such picture.</exception>
    public Task<JobSnapshot> FinishAsync(int? image = null, CancellationToken cancellationToken = default) => calls.SendAsync(
        HttpMethod.Post, image is { } index ? FormattableString.Invariant($"{Path}/finish?image={index}") : Path + "/finish", null,
        ClientJson.Default.JobSnapshot, cancellationToken);

    /// <summary>Changes the place of a job that waits. For keys with the scope <c>admin</c>.</summary>
    /// <param name="priority">The new one.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns>The job as it stands then.</returns>
    /// <exception cref="DarkroomException">409: the job does not wait. 404: there is no such job.</exception>
    public Task<JobSnapshot> PrioritizeAsync(JobPriority priority, CancellationToken cancellationToken = default) => calls.SendAsync(
        HttpMethod.Patch, Path, () => ServerCalls.Json(new PriorityChange(priority), ClientJson.Default.PriorityChange), ClientJson.Default.JobSnapshot,
        cancellationToken);

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
