using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Native.Contracts;

/// <summary>A finished generation.</summary>
public sealed record GenerationAnswer(
    string Id,
    string Task,
    string Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string Model,
    Parameters Parameters,
    IReadOnlyList<ImageAnswer> Images,
    IReadOnlyList<string> Warnings,
    TimingsAnswer Timings);

/// <summary>One picture of an answer.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Seed">The seed of the request + index.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Format"><c>png</c>, <c>jpeg</c> or <c>webp</c>.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Of the file, lower-case hex.</param>
/// <param name="Url">Where it is, as long as it is held.</param>
/// <param name="Data">The file; absent with <c>return</c> <c>url</c>.</param>
public sealed record ImageAnswer(
    int Index, long Seed, int Width, int Height, string Format, long Bytes, string Sha256, string Url, ReadOnlyMemory<byte>? Data);

/// <summary>Where the time went, in milliseconds; pictures of one job add up.</summary>
/// <param name="MeanBatch">Rows per denoiser call; a guidance pair is one row.</param>
public sealed record TimingsAnswer(double QueuedMs, double EncodeMs, double DenoiseMs, double DecodeMs, double TotalMs, int Steps, double MeanBatch);
