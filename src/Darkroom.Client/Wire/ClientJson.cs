using System.Text.Json.Serialization;
using Darkroom.Client.Catalog;
using Darkroom.Client.Operation;

namespace Darkroom.Client.Wire;

/// <summary>Every answer that is read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GenerationResult))]
[JsonSerializable(typeof(JobSnapshot))]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(StandingData))]
[JsonSerializable(typeof(ProgressData))]
[JsonSerializable(typeof(PreviewData))]
[JsonSerializable(typeof(DarkroomProblem))]
[JsonSerializable(typeof(PictureInfo))]
[JsonSerializable(typeof(TokenReport))]
[JsonSerializable(typeof(PriorityChange))]
[JsonSerializable(typeof(LogLevelData))]
[JsonSerializable(typeof(CatalogList<ModelInfo>), TypeInfoPropertyName = "Models")]
[JsonSerializable(typeof(CatalogList<SamplerInfo>), TypeInfoPropertyName = "Samplers")]
[JsonSerializable(typeof(CatalogList<ScheduleInfo>), TypeInfoPropertyName = "Schedules")]
[JsonSerializable(typeof(CatalogList<UpscalerInfo>), TypeInfoPropertyName = "Upscalers")]
[JsonSerializable(typeof(CatalogList<ControlNetInfo>), TypeInfoPropertyName = "ControlNets")]
[JsonSerializable(typeof(CatalogList<LoraInfo>), TypeInfoPropertyName = "Loras")]
[JsonSerializable(typeof(CatalogList<EmbeddingInfo>), TypeInfoPropertyName = "Embeddings")]
[JsonSerializable(typeof(CatalogList<VaeInfo>), TypeInfoPropertyName = "Vaes")]
[JsonSerializable(typeof(CatalogList<DeviceInfo>), TypeInfoPropertyName = "Devices")]
[JsonSerializable(typeof(ServerStats))]
[JsonSerializable(typeof(ServerVersion))]
[JsonSerializable(typeof(ServerReadiness))]
[JsonSerializable(typeof(UsageReport))]
[JsonSerializable(typeof(QueueState))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>Data of the events <c>queued</c> and <c>started</c>.</summary>
internal sealed record StandingData(DateTimeOffset At, int? Position, double? Eta);

/// <summary>Data of the event <c>progress</c>.</summary>
internal sealed record ProgressData(int Step, int Steps, double Share, double? Eta);

/// <summary>Data of the event <c>preview</c>.</summary>
internal sealed record PreviewData(int Index, int Step, PictureFormat Format, int Width, int Height, ReadOnlyMemory<byte> Data);

/// <summary>A job's new place in the queue.</summary>
internal sealed record PriorityChange(JobPriority Priority);

/// <summary>What a server logs.</summary>
internal sealed record LogLevelData(string Level);
