using System.Text.Json;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Samplers;
using Darkroom.Models.Files;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>What <c>scheduler/scheduler_config.json</c> (diffusers' name for a sampler's settings) says.</summary>
internal sealed record SamplerFile(string ClassName, SamplerConfig Config)
{
    public const string Name = "scheduler/scheduler_config.json";
    private const string Suffix = "Scheduler";

    public static SamplerFile? Read(string root, FaultList faults)
    {
        if (JsonFile.Read(root, Name, faults) is not { } fields) return null;
        string? type = fields.Text("_class_name", 200);
        if (type is null && !fields.Has("_class_name")) fields.Fault("_class_name", "is missing");
        else if (type is not null && !IsKnown(type)) fields.Fault("_class_name", $"'{type}' is not supported");
        try
        {
            var config = SamplerConfig.Read(fields.Json);
            PredictionTypeNames.Parse(config.PredictionType);
            return type is null ? null : new(type, config);
        }
        catch (JsonException error)
        {
            string field = error.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "a field";
            var value = fields.Find(field);
            fields.Fault(field, value is { } found ? $"{JsonFields.Describe(found)} is not a value of the kind that diffusers writes"
                : "has a value of another kind than diffusers writes");
        }
        catch (NotSupportedException)
        {
            fields.Fault("prediction_type", $"'{fields.Text("prediction_type")}' is unknown; known are epsilon, v_prediction, sample, flow_prediction");
        }
        return null;
    }

    private static bool IsKnown(string type) => type.EndsWith(Suffix, StringComparison.Ordinal) && SamplerCatalog.OfClass(type) is not null;
}
