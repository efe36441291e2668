using Darkroom.Engine.Jobs;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.Native;

/// <summary>Schemas of the native answers that are written by the table of fields and not by a type's properties.</summary>
internal sealed class NativeDocument : IDocumentFilter
{
    /// <summary>Name of the schema of what an upscaling answers: it has no prompt and no seed among its parameters.</summary>
    public const string UpscaleAnswer = "UpscaleAnswer";

    /// <summary>Name of the schema of what taking noise out answers.</summary>
    public const string DenoiseAnswer = "DenoiseAnswer";

    /// <summary>Names of the schemas of what events tell of jobs that measure.</summary>
    private const string ClassifyResult = "ClassifyResult", LikelihoodResult = "LikelihoodResult", FeaturesResult = "FeaturesResult";

    /// <summary>Name of the schema of what the events of a job tell.</summary>
    public const string JobEvent = "JobEvent";

    private const string JobParameters = "JobParameters";

    /// <summary>Tasks whose values differ too much from the others' for one schema: the name of each one's parameters.</summary>
    private static readonly (TaskSheet Sheet, string Parameters)[] Own =
    [
        (TaskSheet.Upscale, "UpscaleParameters"), (TaskSheet.Denoise, "DenoiseParameters"), (TaskSheet.Classify, "ClassifyParameters"),
        (TaskSheet.Likelihood, "LikelihoodParameters"), (TaskSheet.Features, "FeaturesParameters"),
    ];

    /// <summary>Name of the schema of what a task that makes pictures answers; null: that of most.</summary>
    public static string? AnswerOf(TaskSheet sheet) => sheet == TaskSheet.Upscale ? UpscaleAnswer : sheet == TaskSheet.Denoise ? DenoiseAnswer : null;

    private const string AboutParameters = "Every value that was used, under the names of the task's request: posting it again gives the same picture. "
        + "Pictures that were sent are left out, and are to be posted again with it.";

    public static void Add(SwaggerGenOptions document)
    {
        document.MapType<Parameters>(() => new OpenApiSchemaReference(nameof(Parameters)));
        document.MapType<DefaultsAnswer>(() => new OpenApiSchemaReference(nameof(DefaultsAnswer)));
        document.MapType<LoraDefaultsAnswer>(static () => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Values of generation fields, by name.",
            AdditionalProperties = new OpenApiSchema(),
        });
        document.DocumentFilter<NativeDocument>();
    }

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var schemas = swaggerDoc.Components!.Schemas!;
        var generations = TaskSheet.All.Except(Own.Select(one => one.Sheet)).Select(sheet => sheet.Fields).ToList();
        schemas[nameof(Parameters)] = FieldSchemas.OfUsed(generations, AboutParameters);
        foreach (var (sheet, name) in Own)
        {
            schemas[name] = FieldSchemas.OfUsed([sheet.Fields], AboutParameters);
            var (answer, measure) = sheet.Task switch
            {
                GenerationTask.Classify => (ClassifyResult, nameof(ClassifyAnswer)),
                GenerationTask.Likelihood => (LikelihoodResult, nameof(LikelihoodAnswer)),
                GenerationTask.Features => (FeaturesResult, nameof(FeaturesAnswer)),
                _ => (AnswerOf(sheet)!, null),
            };
            schemas[answer] = With((OpenApiSchema)schemas[nameof(GenerationAnswer)], new OpenApiSchemaReference(name));
            if (measure is not null) schemas[measure] = With((OpenApiSchema)schemas[measure], new OpenApiSchemaReference(name));
        }
        schemas[nameof(JobAnswer)] = With(
            (OpenApiSchema)schemas[nameof(JobAnswer)],
            new OpenApiSchemaReference(JobParameters));
        schemas[JobParameters] = new OpenApiSchema
        {
            Description = AboutParameters,
            AnyOf = [new OpenApiSchemaReference(nameof(Parameters)), .. Own.Select(one => new OpenApiSchemaReference(one.Parameters))],
        };
        foreach (var answer in (string[])[UpscaleAnswer, DenoiseAnswer, ClassifyResult, LikelihoodResult, FeaturesResult])
            ((OpenApiSchema)schemas[JobEvent]).AnyOf!.Add(new OpenApiSchemaReference(answer));
        var defaults = FieldTable.All.Where(row => row.ModelSets).Select(FieldBindings.Of).ToList();
        var defaulted = FieldSchemas.Of(defaults, "The value of every field that a request to this model leaves out; null where none applies.", []);
        schemas[nameof(DefaultsAnswer)] = defaulted;
        foreach (var field in defaults.Where(static field => field.Info.Type is ChoiceType)) // there is always one
            defaulted.Properties![field.Name] = AnswerSchemas.Described(field.UsedSchema(), field.Info.About);
    }

    /// <summary>The same answer with other parameters.</summary>
    private static OpenApiSchema With(OpenApiSchema answer, OpenApiSchemaReference parameters)
    {
        parameters.Description = AboutParameters;
        var copy = (OpenApiSchema)answer.CreateShallowCopy();
        copy.Properties = new Dictionary<string, IOpenApiSchema>(answer.Properties!) { ["parameters"] = parameters };
        return copy;
    }
}
