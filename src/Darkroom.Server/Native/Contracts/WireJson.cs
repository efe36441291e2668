using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Contracts;

/// <summary>Everything that is answered as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(GenerationAnswer))]
[JsonSerializable(typeof(JobAnswer))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(QueueAnswer))]
[JsonSerializable(typeof(UsageAnswer))]
[JsonSerializable(typeof(DeviceList))]
[JsonSerializable(typeof(StandingEvent))]
[JsonSerializable(typeof(ProgressEvent))]
[JsonSerializable(typeof(PreviewEvent))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(SamplerList))]
[JsonSerializable(typeof(ScheduleList))]
[JsonSerializable(typeof(UpscalerList))]
[JsonSerializable(typeof(ControlNetList))]
[JsonSerializable(typeof(LoraList))]
[JsonSerializable(typeof(EmbeddingList))]
[JsonSerializable(typeof(VaeList))]
[JsonSerializable(typeof(PictureInfoAnswer))]
[JsonSerializable(typeof(VerifyAnswer))]
[JsonSerializable(typeof(ClassifyAnswer))]
[JsonSerializable(typeof(LikelihoodAnswer))]
[JsonSerializable(typeof(FeaturesAnswer))]
[JsonSerializable(typeof(TokensAnswer))]
[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(ReadinessAnswer))]
[JsonSerializable(typeof(LivenessAnswer))]
[JsonSerializable(typeof(WelcomeAnswer))]
[JsonSerializable(typeof(StatsAnswer))]
[JsonSerializable(typeof(LogLevelAnswer))]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>
    /// As it is sent: letters and quotes as themselves. Nothing of it is ever put into HTML, and <c>nosniff</c> keeps browsers from doing so.
    /// </summary>
    public static WireJson Wire => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>RFC 3339, UTC, to the millisecond.</summary>
internal sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}
