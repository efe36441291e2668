using Darkroom.Engine.Jobs;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>Jobs that were written and read: lists in them are equal by what they hold.</summary>
internal static class Same
{
    public static void Job(Job expected, Job found)
    {
        Assert.Equal(expected.Warnings, found.Warnings);
        Assert.Equal(expected.Result?.Images, found.Result?.Images);
        Assert.Equal(expected.Result?.Warnings, found.Result?.Warnings);
        Assert.Equal(Bare(expected), Bare(found));
    }

    private static Job Bare(Job job) => job with
    {
        Warnings = [], Result = job.Result is { } result ? result with { Images = Array.Empty<GeneratedImage>(), Warnings = Array.Empty<string>() } : null,
    };
}
