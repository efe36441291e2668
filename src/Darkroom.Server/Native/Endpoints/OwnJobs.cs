using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Security.Access;

namespace Darkroom.Server.Native.Endpoints;

/// <summary>Jobs as their owners see them: another's is answered as one that does not exist.</summary>
internal static class OwnJobs
{
    /// <summary>The job; null where there is none that this caller may see.</summary>
    public static async ValueTask<Job?> FindOwnAsync(this IGenerationQueue queue, string id, HttpContext context) =>
        await queue.FindAsync(id, context.RequestAborted) is { } job && Caller.Of(context).MaySee(job.Request.Caller) ? job : null;

    /// <summary>Whether the caller may see what a job made. That of a job that is no longer held is for those who see all.</summary>
    public static async ValueTask<bool> IsOwnAsync(this IGenerationQueue queue, string job, HttpContext context) =>
        Caller.Of(context).SeesAll || await queue.FindOwnAsync(job, context) is not null;
}
