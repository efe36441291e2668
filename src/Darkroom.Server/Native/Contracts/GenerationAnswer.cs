using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;

namespace Darkroom.Server.Native.Contracts;

/// <summary>A finished generation.</summary>
public sealed record GenerationAnswer
{
    public required string Id { get; init; }
    public required string Task { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public required string Model { get; init; }
    public required Parameters Parameters { get; init; }
    public required IReadOnlyList<ImageAnswer> Images { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }
    public required TimingsAnswer Timings { get; init; }

    /// <summary>What it took of the machine; absent where that is not known.</summary>
    public JobUsageAnswer? Usage { get; init; }
}

/// <summary>One picture of an answer.</summary>
public sealed record ImageAnswer
{
    /// <summary>From 0.</summary>
    public required int Index { get; init; }

    /// <summary>The seed of the request + index.</summary>
    public required long Seed { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary><c>png</c>, <c>jpeg</c> or <c>webp</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Length of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Of the file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Where it is, as long as it is held.</summary>
    public required string Url { get; init; }

    /// <summary>The file; absent with <c>return</c> <c>url</c>.</summary>
    public PictureData? Data { get; init; }
}

/// <summary>Where the time went, in milliseconds; pictures of one job add up.</summary>
/// <param name="MeanBatch">Rows per denoiser call; a guidance pair is one row.</param>
public sealed record TimingsAnswer(double QueuedMs, double EncodeMs, double DenoiseMs, double DecodeMs, double TotalMs, int Steps, double MeanBatch);
