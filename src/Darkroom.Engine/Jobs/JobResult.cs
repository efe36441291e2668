using Darkroom.Imaging;

namespace Darkroom.Engine.Jobs;

/// <summary>A finished picture; its bytes lie in the artifact store under <see cref="ArtifactId"/>.</summary>
public sealed record GeneratedImage(
    int Index, long Seed, int Width, int Height, PictureFormat Format, long Bytes, string Sha256, string ArtifactId)
{
    /// <summary>How it differs from the picture that was to be made again; null: there was none.</summary>
    public PictureComparison? Comparison { get; init; }
}

/// <summary>Where a job's time went. Stages of several pictures of one job add up; they may overlap in a shared batch.</summary>
public sealed record JobTimings(double QueuedMs, double EncodeMs, double DenoiseMs, double DecodeMs, double TotalMs, int Steps, double MeanBatch);

/// <summary>What a job that succeeded gives.</summary>
public sealed record JobResult(
    IReadOnlyList<GeneratedImage> Images, IReadOnlyList<string> Warnings, JobTimings Timings, string ModelHash)
{
    /// <summary>What it found of the picture that it was sent; null: it was not asked for that.</summary>
    public JobFinding? Finding { get; init; }
}
