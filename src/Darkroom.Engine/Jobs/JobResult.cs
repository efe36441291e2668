using System.Text.Json.Serialization;
using Darkroom.Imaging;

namespace Darkroom.Engine.Jobs;

/// <summary>A finished picture; its bytes lie in the artifact store under <see cref="ArtifactId"/>.</summary>
public sealed record GeneratedImage(
    int Index, long Seed, int Width, int Height, PictureFormat Format, long Bytes, string Sha256, string ArtifactId)
{
    /// <summary>How it differs from the picture that was to be made again; null: there was none.</summary>
    public PictureComparison? Comparison { get; init; }

    /// <summary>Where each word that was asked for was drawn; null: none was.</summary>
    public IReadOnlyList<Attribution>? Attributions { get; init; }
}

/// <summary>Where a word was drawn in a picture.</summary>
/// <param name="Word">As it was asked for.</param>
/// <param name="Tokens">What the model's vocabulary makes of it.</param>
/// <param name="Share">Of all attention to the words of the prompt, 0…1.</param>
/// <param name="ArtifactId">A PNG of its map over the picture, in the artifact store.</param>
public sealed record Attribution(string Word, IReadOnlyList<string> Tokens, double Share, string ArtifactId);

/// <summary>Where a job's time went. Stages of several pictures of one job add up; they may overlap in a shared batch.</summary>
public sealed record JobTimings(double QueuedMs, double EncodeMs, double DenoiseMs, double DecodeMs, double TotalMs, int Steps, double MeanBatch);

/// <summary>What a job that succeeded gives.</summary>
public sealed record JobResult(
    IReadOnlyList<GeneratedImage> Images, IReadOnlyList<string> Warnings, JobTimings Timings, string ModelHash)
{
    /// <summary>What it found of the picture that it was sent; null: it was not asked for that.</summary>
    public JobFinding? Finding { get; init; }

    /// <summary>Ids of all that it left in the artifact store.</summary>
    [JsonIgnore]
    public IEnumerable<string> Artifacts =>
    [
        .. Images.SelectMany(image => (string[])[image.ArtifactId, .. image.Attributions?.Select(word => word.ArtifactId) ?? []]),
        .. Finding?.Features is { } features ? (string[])[features.ArtifactId] : [],
    ];
}
