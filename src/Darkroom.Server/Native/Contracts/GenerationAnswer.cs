using System.ComponentModel.DataAnnotations;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>A finished generation.</summary>
public sealed record GenerationAnswer
{
    /// <summary>Of the job.</summary>
    [RegularExpression("^[0-9a-f]{32}$"), StringLength(32)]
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    [WireName("TaskName")]
    public required string Task { get; init; }

    /// <summary>Where it is.</summary>
    [WireName("JobStatus")]
    public required string Status { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it began to run; absent as long as it has not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; absent as long as it has not.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Id of the model or upscaler.</summary>
    public required string Model { get; init; }

    /// <summary>Every value that was used.</summary>
    public required Parameters Parameters { get; init; }

    /// <summary>The pictures, in the order of their seeds.</summary>
    public required IReadOnlyList<ImageAnswer> Images { get; init; }

    /// <summary>The noise that was taken out of the picture that was sent; absent for other tasks.</summary>
    public NoiseAnswer? Noise { get; init; }

    /// <summary>Which candidate the picture that was sent is; absent for other tasks.</summary>
    public ClassificationAnswer? Classification { get; init; }

    /// <summary>How likely the picture that was sent is; absent for other tasks.</summary>
    public LikelihoodEstimate? Likelihood { get; init; }

    /// <summary>What layers gave for the picture that was sent; absent for other tasks.</summary>
    public FeaturesFile? Features { get; init; }

    /// <summary>Whatever was changed on the way, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where the time went.</summary>
    public required TimingsAnswer Timings { get; init; }

    /// <summary>What it took of the machine; absent where that is not known.</summary>
    public JobUsageAnswer? Usage { get; init; }
}

/// <summary>One picture of an answer.</summary>
public sealed record ImageAnswer
{
    /// <summary>Which picture of the job, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The seed of the request + index.</summary>
    public required long Seed { get; init; }

    /// <summary>Pixels from left to right.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels from top to bottom.</summary>
    public required int Height { get; init; }

    /// <summary><c>png</c>, <c>jpeg</c> or <c>webp</c>.</summary>
    [WireName("PictureFormat")]
    public required string Format { get; init; }

    /// <summary>Length of the file, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the file, in lower-case hex.</summary>
    [RegularExpression("^[0-9a-f]{64}$"), StringLength(64)]
    public required string Sha256 { get; init; }

    /// <summary>Its path on this server, as long as it is held.</summary>
    [RegularExpression("^/v1/images/[0-9a-f]{32}$"), StringLength(43)]
    public required string Url { get; init; }

    /// <summary>How it differs from the picture that was sent to be verified; absent for any other.</summary>
    public ComparisonAnswer? Comparison { get; init; }

    /// <summary>Where each word that <c>explain</c> asked for was drawn; absent where it asked for none.</summary>
    public IReadOnlyList<AttributionAnswer>? Attributions { get; init; }

    /// <summary>The file, in base64; absent with <c>return</c> <c>url</c>.</summary>
    public PictureData? Data { get; init; }
}

/// <summary>Where a word was drawn in a picture.</summary>
/// <param name="Word">The word, or the phrase.</param>
/// <param name="Tokens">What the model's vocabulary makes of it.</param>
/// <param name="Share">Of all attention to the words of the prompt: 0…1.</param>
/// <param name="Url">Path of its map over the picture, a PNG, as long as it is held.</param>
public sealed record AttributionAnswer(
    string Word, IReadOnlyList<string> Tokens, [property: Range(0, 1)] double Share,
    [property: RegularExpression("^/v1/images/[0-9a-f]{32}$"), StringLength(43)] string Url);

/// <summary>Where the time went, in milliseconds; pictures of one job add up.</summary>
/// <param name="QueuedMs">Until it began to run.</param>
/// <param name="EncodeMs">Texts and pictures into what the network reads.</param>
/// <param name="DenoiseMs">The steps.</param>
/// <param name="DecodeMs">Latents into pictures, and pictures into files.</param>
/// <param name="TotalMs">From acceptance to the end.</param>
/// <param name="Steps">Steps that were run, over all pictures.</param>
/// <param name="MeanBatch">Rows per denoiser call; a guidance pair is one row.</param>
public sealed record TimingsAnswer(double QueuedMs, double EncodeMs, double DenoiseMs, double DecodeMs, double TotalMs, int Steps, double MeanBatch);
