using System.Globalization;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;

namespace Darkroom.Server.Native.Answers;

/// <summary>Says of which of a job's pictures the address will not help, and why: it answers 410.</summary>
internal static class PictureLosses
{
    public static async ValueTask<IReadOnlyList<string>> OfAsync(Job job, IArtifactStore artifacts, CancellationToken cancellation)
    {
        if (job.Result is not { Images: var images }) return [];
        var lost = await artifacts.NotKeptAsync([.. images.Select(image => image.ArtifactId)], cancellation);
        if (lost.Count == 0) return [];
        var numbers = images.Where(image => lost.Contains(image.ArtifactId)).Select(image => image.Index.ToString(CultureInfo.InvariantCulture));
        return [$"images {string.Join(", ", numbers)}: no longer kept at their url. {artifacts.Retention}"];
    }
}
