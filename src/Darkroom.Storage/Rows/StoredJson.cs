using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Diffusion.Schedules;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Masks;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Graphs;

namespace Darkroom.Storage.Rows;

/// <summary>
/// The texts in a job's row. Names are snake_case and stay as they are once they are released: a newer version reads what an older one wrote. Every value of
/// a request is written, so that a default that changes later changes no job that was accepted before.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters =
    [
        typeof(SnakeCase<JobState>), typeof(SnakeCase<JobEventKind>), typeof(SnakeCase<JobFailureKind>), typeof(SnakeCase<GenerationTask>),
        typeof(SnakeCase<JobEnds>),
        typeof(SnakeCase<NoiseSource>), typeof(SnakeCase<PromptStyle>), typeof(SnakeCase<Compatibility>), typeof(SnakeCase<JobPriority>),
        typeof(SnakeCase<StrengthRule>), typeof(SnakeCase<WrapAxes>), typeof(SnakeCase<CacheMethod>),
        typeof(SnakeCase<MaskFill>), typeof(SnakeCase<MaskMode>), typeof(SnakeCase<ResizeMode>), typeof(SnakeCase<PictureFormat>),
    ])]
[JsonSerializable(typeof(GenerationRequest))]
[JsonSerializable(typeof(StoredOutcome))]
[JsonSerializable(typeof(EndedJob))]
internal sealed partial class StoredJson : JsonSerializerContext;

/// <summary>An enumeration's names as text: <c>out_of_memory</c>.</summary>
internal sealed class SnakeCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) where T : struct, Enum;

/// <summary>What of a job changes and is not looked for.</summary>
internal sealed record StoredOutcome(
    JobProgress Progress, IReadOnlyList<string> Warnings, JobResult? Result, JobFailure? Failure, IReadOnlyList<StoredEvent> Events,
    JobSpending? Spending = null, ulong? FinishesEarly = null);

/// <summary>An event; which job it belongs to is its row's to tell.</summary>
internal sealed record StoredEvent(long Version, DateTimeOffset At, JobEventKind Kind, JobProgress Progress);
