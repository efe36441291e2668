using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Diffusion.Configuration;

/// <summary>
/// A model's <c>scheduler_config.json</c>: what its author says about noise and steps. A value that the file lacks is null, since every
/// diffusers class has defaults of its own (DDIM's spacing is leading, Euler's linspace); the rule applies them.
/// Keys that no rule reads are ignored, as diffusers ignores them.
/// </summary>
public sealed record SamplerConfig
{
    public int? NumTrainTimesteps { get; init; }
    public double? BetaStart { get; init; }
    public double? BetaEnd { get; init; }
    public string? BetaSchedule { get; init; }
    public double[]? TrainedBetas { get; init; }
    public bool? RescaleBetasZeroSnr { get; init; }
    public string? PredictionType { get; init; }
    public string? TimestepSpacing { get; init; }
    public string? TimestepType { get; init; }
    public int? StepsOffset { get; init; }
    public bool? SetAlphaToOne { get; init; }
    public bool? SkipPrkSteps { get; init; }
    public string? InterpolationType { get; init; }
    public string? FinalSigmasType { get; init; }
    public string? VarianceType { get; init; }

    public bool? ClipSample { get; init; }
    public double? ClipSampleRange { get; init; }
    public bool? Thresholding { get; init; }
    public double? DynamicThresholdingRatio { get; init; }
    public double? SampleMaxValue { get; init; }

    public bool? UseKarrasSigmas { get; init; }
    public bool? UseExponentialSigmas { get; init; }
    public bool? UseBetaSigmas { get; init; }
    public bool? UseLuLambdas { get; init; }
    public bool? UseFlowSigmas { get; init; }
    public double? FlowShift { get; init; }
    public double? SigmaMin { get; init; }
    public double? SigmaMax { get; init; }
    public double? SigmaData { get; init; }
    public string? SigmaSchedule { get; init; }
    public double? Rho { get; init; }

    public int? SolverOrder { get; init; }
    public string? AlgorithmType { get; init; }
    public string? SolverType { get; init; }
    public bool? LowerOrderFinal { get; init; }
    public bool? EulerAtFinal { get; init; }
    [JsonConverter(typeof(InfinityConverter))]
    public double? LambdaMinClipped { get; init; }
    public bool? PredictX0 { get; init; }
    public int[]? DisableCorrector { get; init; }
    public int? PredictorOrder { get; init; }
    public int? CorrectorOrder { get; init; }

    public int? OriginalInferenceSteps { get; init; }
    public double? TimestepScaling { get; init; }

    public double? Shift { get; init; }
    public bool? UseDynamicShifting { get; init; }
    public double? BaseShift { get; init; }
    public double? MaxShift { get; init; }
    public int? BaseImageSeqLen { get; init; }
    public int? MaxImageSeqLen { get; init; }
    public double? ShiftTerminal { get; init; }
    public bool? InvertSigmas { get; init; }
    public string? TimeShiftType { get; init; }
    public bool? StochasticSampling { get; init; }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Reads the object of a <c>scheduler_config.json</c>.</summary>
    /// <exception cref="JsonException">A value has another type than diffusers writes; the message names it.</exception>
    public static SamplerConfig Read(JsonElement json) => json.Deserialize<SamplerConfig>(Json)!;

    private sealed class InfinityConverter : JsonConverter<double?>
    {
        public override double? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType switch
            {
                JsonTokenType.Null => null,
                JsonTokenType.Number => reader.GetDouble(),
                JsonTokenType.String => reader.GetString() switch
                {
                    "-inf" or "-Infinity" => double.NegativeInfinity,
                    "inf" or "Infinity" => double.PositiveInfinity,
                    var other => throw new JsonException($"'{other}' is not a number."),
                },
                var other => throw new JsonException($"{other} is not a number."),
            };

        public override void Write(Utf8JsonWriter writer, double? value, JsonSerializerOptions options)
        {
            if (value is not { } number) writer.WriteNullValue();
            else if (double.IsFinite(number)) writer.WriteNumberValue(number);
            else writer.WriteStringValue(number > 0 ? "inf" : "-inf");
        }
    }
}
