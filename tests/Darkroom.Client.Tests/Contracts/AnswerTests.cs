using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Client.Catalog;
using Darkroom.Client.Operation;
using Darkroom.Client.Wire;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.Problems;

namespace Darkroom.Client.Tests.Contracts;

/// <summary>What the server answers is read: every property of every answer, by its name and as what it is.</summary>
public sealed class AnswerTests
{
    private static readonly Dictionary<Type, Type> Own = new()
    {
        [typeof(GenerationAnswer)] = typeof(GenerationResult),
        [typeof(ImageAnswer)] = typeof(GeneratedImage),
        [typeof(ComparisonAnswer)] = typeof(PictureComparison),
        [typeof(NoiseAnswer)] = typeof(FoundNoise),
        [typeof(ClassificationAnswer)] = typeof(Classification),
        [typeof(LikelihoodEstimate)] = typeof(Likelihood),
        [typeof(AttributionAnswer)] = typeof(Attribution),
        [typeof(Darkroom.Server.Native.Contracts.FeaturesFile)] = typeof(FeaturesFile),
        [typeof(Darkroom.Server.Native.Contracts.LayerTensor)] = typeof(LayerTensor),
        [typeof(TimingsAnswer)] = typeof(JobTimings),
        [typeof(JobUsageAnswer)] = typeof(JobUsage),
        [typeof(JobAnswer)] = typeof(JobSnapshot),
        [typeof(ProgressAnswer)] = typeof(JobProgress),
        [typeof(JobList)] = typeof(JobPage),
        [typeof(StandingEvent)] = typeof(StandingData),
        [typeof(ProgressEvent)] = typeof(ProgressData),
        [typeof(PreviewEvent)] = typeof(PreviewData),
        [typeof(ProblemDocument)] = typeof(DarkroomProblem),
        [typeof(Fault)] = typeof(RequestFault),
        [typeof(PictureInfoAnswer)] = typeof(PictureInfo),
        [typeof(Darkroom.Server.Native.Contracts.PictureRequest)] = typeof(PictureRequest),
        [typeof(Darkroom.Server.Native.Contracts.PictureItems)] = typeof(PictureItems),
        [typeof(ModelEntry)] = typeof(ModelInfo),
        [typeof(CapabilitiesAnswer)] = typeof(ModelCapabilities),
        [typeof(SamplerEntry)] = typeof(SamplerInfo),
        [typeof(ScheduleEntry)] = typeof(ScheduleInfo),
        [typeof(UpscalerEntry)] = typeof(UpscalerInfo),
        [typeof(ControlNetEntry)] = typeof(ControlNetInfo),
        [typeof(LoraEntry)] = typeof(LoraInfo),
        [typeof(EmbeddingEntry)] = typeof(EmbeddingInfo),
        [typeof(VaeEntry)] = typeof(VaeInfo),
        [typeof(DeviceAnswer)] = typeof(DeviceInfo),
        [typeof(DeviceMemoryAnswer)] = typeof(DeviceMemory),
        [typeof(ProcessMemoryAnswer)] = typeof(ProcessMemory),
        [typeof(ResidentModelAnswer)] = typeof(ResidentModel),
        [typeof(RunningCallAnswer)] = typeof(RunningCall),
        [typeof(BatchLimitAnswer)] = typeof(BatchLimit),
        [typeof(StatsAnswer)] = typeof(ServerStats),
        [typeof(Darkroom.Server.Native.Contracts.QueueStats)] = typeof(Operation.QueueStats),
        [typeof(Darkroom.Server.Native.Contracts.DeviceStats)] = typeof(Operation.DeviceStats),
        [typeof(Darkroom.Server.Native.Contracts.LoadedStats)] = typeof(Operation.LoadedStats),
        [typeof(Darkroom.Server.Native.Contracts.CallStats)] = typeof(Operation.CallStats),
        [typeof(Darkroom.Server.Native.Contracts.MemoryStats)] = typeof(Operation.MemoryStats),
        [typeof(Darkroom.Server.Native.Contracts.BatchStats)] = typeof(Operation.BatchStats),
        [typeof(Darkroom.Server.Native.Contracts.RateStats)] = typeof(Operation.RateStats),
        [typeof(Darkroom.Server.Native.Contracts.WorkerStats)] = typeof(Operation.WorkerStats),
        [typeof(UsageAnswer)] = typeof(UsageReport),
        [typeof(UsageDayAnswer)] = typeof(UsageDay),
        [typeof(UsageCountsAnswer)] = typeof(UsageCounts),
        [typeof(UsageJobsAnswer)] = typeof(UsageJobs),
        [typeof(TokensAnswer)] = typeof(TokenReport),
        [typeof(Darkroom.Server.Native.Contracts.PromptReading)] = typeof(Catalog.PromptReading),
        [typeof(Darkroom.Server.Native.Contracts.EncoderTokens)] = typeof(Catalog.EncoderTokens),
        [typeof(PromptPartReading)] = typeof(PromptPart),
        [typeof(PromptRangeReading)] = typeof(PromptRange),
        [typeof(PromptPieceReading)] = typeof(PromptPiece),
        [typeof(QueueAnswer)] = typeof(QueueState),
        [typeof(VersionAnswer)] = typeof(ServerVersion),
        [typeof(ReadinessAnswer)] = typeof(ServerReadiness),
        [typeof(LogLevelAnswer)] = typeof(LogLevelData),
    };

    // What the client has no use for: lists are read as what is in them, the page at the root is for people, and a picture is verified and looked at as
    // a job.
    private static readonly Type[] Unread =
    [
        typeof(ModelList), typeof(SamplerList), typeof(ScheduleList), typeof(UpscalerList), typeof(ControlNetList), typeof(LoraList), typeof(EmbeddingList),
        typeof(VaeList), typeof(DeviceList), typeof(DefaultsAnswer), typeof(LoraDefaultsAnswer), typeof(LivenessAnswer), typeof(WelcomeAnswer),
        typeof(ReadinessCheck), typeof(VerifyAnswer), typeof(ClassifyAnswer), typeof(LikelihoodAnswer), typeof(FeaturesAnswer),
    ];

    // The events' ids and addresses stand beside their data, and readiness is asked without its details.
    private static readonly string[] Left = ["StandingEvent.id", "ReadinessAnswer.warnings", "ReadinessAnswer.checks"];

    public static TheoryData<Type> Answers => [.. Own.Keys];

    [Theory]
    [MemberData(nameof(Answers))]
    public void Every_property_is_read_as_what_it_is(Type server)
    {
        var own = ClientJson.Default.GetTypeInfo(Own[server])!.Properties.Where(property => property.Set is not null).ToDictionary(property => property.Name);
        var theirs = server.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetCustomAttribute<System.Text.Json.Serialization.JsonIgnoreAttribute>() is null && property.Name != "Object")
            .ToDictionary(property => property.GetCustomAttribute<System.Text.Json.Serialization.JsonPropertyNameAttribute>()?.Name
                ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        Assert.Equal(theirs.Keys.Where(name => !Left.Contains($"{server.Name}.{name}")).Order(), own.Keys.Order());
        foreach (var (name, property) in own)
        {
            Assert.True(Kind(property.PropertyType) == Kind(theirs[name].PropertyType),
                $"{server.Name}.{name}: {Kind(property.PropertyType)} here, {Kind(theirs[name].PropertyType)} there");
            bool isSure = new NullabilityInfoContext().Create(theirs[name]).ReadState == NullabilityState.NotNull;
            Assert.True(isSure || !property.IsRequired, $"{server.Name}.{name} may be absent, and is required here.");
        }
    }

    [Fact]
    public void Every_answer_of_the_server_is_compared()
    {
        var answers = typeof(GenerationAnswer).Assembly.GetExportedTypes().Where(type => type.Namespace == typeof(GenerationAnswer).Namespace).ToArray();
        Assert.True(answers.Length > 50);
        Assert.Empty(answers.Except(Own.Keys).Except(Unread));
    }

    [Fact]
    public void Every_kind_of_problem_has_its_constant()
    {
        var theirs = typeof(ProblemType).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => ((ProblemType)field.GetValue(null)!).Slug);
        Assert.Equal(theirs.Order(), typeof(ProblemTypes).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order());
    }

    [Fact]
    public void A_name_that_is_newer_than_the_client_is_kept()
    {
        const string Progress = """{"share":0.5,"step":1,"steps":2}""";
        var job = JsonSerializer.Deserialize(
            """{"id":"a","task":"txt2video","status":"dreaming","created_at":"2026-11-30T10:00:00.000Z","model":"m","parameters":{},"progress":""" + Progress
            + ""","images":[],"warnings":[],"new_thing":{}}""", ClientJson.Default.JobSnapshot)!;
        Assert.Equal(("txt2video", "dreaming", false), (job.Task.Value, job.Status.Value, job.Status.IsFinished));
    }

    private static string Kind(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type.GetInterfaces().Any(one => one.Name.StartsWith("IWireName", StringComparison.Ordinal))) return "text";
        if (type == typeof(JsonElement) || type == typeof(JsonNode) || type == typeof(JsonObject) || type == typeof(RequestFields) || type == typeof(Parameters)
            || type == typeof(DefaultsAnswer) || type == typeof(LoraDefaultsAnswer))
            return "JSON";
        if (type == typeof(ReadOnlyMemory<byte>) || type == typeof(PictureData)) return "bytes";
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return $"list of {Kind(type.GetGenericArguments()[0])}";
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)) return $"map of {Kind(type.GetGenericArguments()[1])}";
        return Own.TryGetValue(type, out var own) ? own.Name : type.Name;
    }
}
