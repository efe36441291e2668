using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>The groups of operations, in the order of a reader who comes for the first time.</summary>
internal sealed class Tags : IDocumentFilter
{
    public const string Generation = "Generation", Jobs = "Jobs", Pictures = "Pictures", Discovery = "Discovery", Operation = "Operation", OpenAi = "OpenAI";

    private static readonly (string Name, string About)[] All =
    [
        (Generation, "The five tasks. Each is a job: its answer can be waited for, or asked for later."),
        (Jobs, "Jobs as they stand: follow, list, cancel, finish early; and the queue."),
        (Pictures, "Pictures that were made, and what a picture's file says of how it was made."),
        (Discovery, "What requests can name: models, samplers, noise schedules, upscalers, ControlNets, LoRAs, textual inversions, autoencoders."),
        (Operation, "For operators: health, what the server is at, what keys used, which models are in memory, the log's level."),
        (OpenAi, "OpenAI's images API, for clients that know no other."),
    ];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var used = swaggerDoc.Paths.Values.SelectMany(static path => path.Operations!.Values).SelectMany(static operation => operation.Tags!)
            .Select(static tag => tag.Name).ToHashSet();
        swaggerDoc.Tags = new HashSet<OpenApiTag>();
        foreach (var (name, about) in All)
            if (used.Contains(name)) swaggerDoc.Tags.Add(new() { Name = name, Description = about });
    }
}
