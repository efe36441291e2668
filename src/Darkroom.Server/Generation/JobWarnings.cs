using Darkroom.Engine.Jobs;

namespace Darkroom.Server.Generation;

/// <summary>Whatever was changed about a request.</summary>
internal static class JobWarnings
{
    /// <summary>Said at admission, on the way and at the end; each once.</summary>
    public static IReadOnlyList<string> Of(Job job) => [.. job.Warnings.Concat(job.Result?.Warnings ?? []).Distinct()];
}
