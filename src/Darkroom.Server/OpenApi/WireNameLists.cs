using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Generation;
using Darkroom.Server.Logging;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>The closed lists of names that answers use; those of requests come from the table of fields.</summary>
internal sealed class WireNameLists : IDocumentFilter
{
    public const string Task = "TaskName", JobStatus = "JobStatus", ModelState = "ModelState", DeviceState = "DeviceState", DeviceKind = "DeviceKind",
        SamplerKind = "SamplerKind", ScheduleKind = "ScheduleKind", LogLevel = "LogLevel", ReadinessStatus = "ReadinessStatus", Role = "Role",
        PartState = "PartState", MemoryPart = "MemoryPart", PictureFormat = "PictureFormat", ReadinessName = "ReadinessName",
        LoraKind = "LoraKind", LikelihoodSpace = "LikelihoodSpace";

    private static readonly Dictionary<string, (string About, IReadOnlyList<string> Names)> All = new()
    {
        [Task] = ("What a job does.", Of<GenerationTask>(WireNames.Of)),
        [JobStatus] = ("Where a job is: the last four are ends.", Of<JobState>(WireNames.Of)),
        [ModelState] = ("cold: not in memory, the next request loads it; failed: it cannot be used, and reason says why.",
            Of<Darkroom.Models.Catalog.ModelState>(WireNames.Of)),
        [DeviceState] = ("given_up: it did not come back from a call; unknown: another process has it, or the engine does not answer.",
            Of<Darkroom.Engine.Devices.DeviceState>(WireNames.Of)),
        [DeviceKind] = ("What a device is.", ["cpu", "cuda"]),
        [SamplerKind] = ("Whether noise is drawn on the way.", Of<Darkroom.Diffusion.Samplers.SamplerKind>(WireNames.Of)),
        [ScheduleKind] = ("spacing: which timesteps; sigmas: which noise levels.", ["spacing", "sigmas"]),
        [LogLevel] = ("The lowest level that is logged.", LogSwitch.Levels),
        [ReadinessStatus] = ("Whether it is worth sending the server work: ready alone is yes.", ["ready", "loading", "draining", "unavailable", "failed"]),
        [ReadinessName] = ("What readiness looks at; jobs and pictures are stores beyond this machine.",
            ["draining", "jobs", "pictures", "disk", "devices", "model"]),
        [Role] = ("What a process does.", ["all", "api", "worker"]),
        [PartState] = ("held: those who work with it keep it; idle: it leaves when others need the room.", ["opening", "held", "idle"]),
        [MemoryPart] = ("arena: what calls hold; calls: what running ones said they may need; pictures: finished ones, of a store in memory; "
            + "process: all of it.",
            ["weights", "arena", "calls", "rows", "inputs", "decoded", "pictures", "process"]),
        [LikelihoodSpace] = ("pixels: of the picture itself; latents: of what the model's autoencoder makes of it.", ["pixels", "latents"]),
        [LoraKind] = ("A formula of low-rank adaptation.", ["lora", "loha", "lokr", "dora", "full"]),
    };

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var schemas = swaggerDoc.Components!.Schemas!;
        foreach (var (name, (about, names)) in All) schemas[name] = Schema(about, names);
    }

    public static OpenApiSchema Schema(string about, IReadOnlyList<string> names) => new()
        { Type = JsonSchemaType.String, Description = about, Enum = [.. names.Select(static name => (JsonNode)name)] };

    private static string[] Of<T>(Func<T, string> nameOf) where T : struct, Enum => [.. Enum.GetValues<T>().Select(nameOf).Distinct()];
}
