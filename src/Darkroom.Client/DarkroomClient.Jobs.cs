using System.Runtime.CompilerServices;
using Darkroom.Client.Operation;
using Darkroom.Client.Wire;

namespace Darkroom.Client;

/// <content>Jobs that are held, and the queue.</content>
public sealed partial class DarkroomClient
{
    private const int MaxPage = 100;

    /// <summary>Jobs that the server holds, newest first, page by page as they are read.</summary>
    /// <param name="status">Only those that stand so; null: all.</param>
    /// <param name="pageSize">1…100 jobs that are asked for at a time.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async IAsyncEnumerable<JobSnapshot> ListJobsAsync(
        JobStatus? status = null, int pageSize = 20, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageSize, MaxPage);
        var question = FormattableString.Invariant($"v1/jobs?limit={pageSize}") + (status is { } only ? "&status=" + Uri.EscapeDataString(only.Value) : "");
        for (string? next = ""; next is not null;)
        {
            var address = next.Length == 0 ? question : $"{question}&after={Uri.EscapeDataString(next)}";
            var page = await calls.GetAsync(address, ClientJson.Default.JobPage, cancellationToken).ConfigureAwait(false);
            foreach (var job in page.Data) yield return job;
            next = page.Next;
        }
    }

    /// <summary>Has waiting jobs stay in the queue; what runs goes on. For keys with the scope <c>admin</c>.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<QueueState> PauseQueueAsync(CancellationToken cancellationToken = default) =>
        calls.SendAsync(HttpMethod.Post, "v1/queue/pause", null, ClientJson.Default.QueueState, cancellationToken);

    /// <summary>Lets waiting jobs run again. For keys with the scope <c>admin</c>.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<QueueState> ResumeQueueAsync(CancellationToken cancellationToken = default) =>
        calls.SendAsync(HttpMethod.Post, "v1/queue/resume", null, ClientJson.Default.QueueState, cancellationToken);
}
