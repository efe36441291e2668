using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Models.Pool;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Answers;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;
using Microsoft.AspNetCore.Mvc;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>POST /v1/tokens</c>: how prompts would be read, while they are being written.</summary>
internal static class Tokens
{
    public const string Schema = "TokensRequest";

    private const string About =
        "Weights, schedules, BREAK and AND as a request's prompt_style reads them, and for each text encoder of the model how many tokens there are and what "
        + "does not fit. Tokens are counted where the model was opened in the process that answers, by a request or by POST /v1/models/{id}/load; a model is "
        + "never opened for it. Names of textual inversions count as words.";

    // A text to read is not a request's: none is required.
    private static readonly TextField Prompt = new(new FieldInfo("prompt", Fields.Prompt.Info.Type, default, "The prompt to read.")
        { IsPrivate = true });

    public static readonly IReadOnlyList<Field> TakenFields = [Prompt, Fields.NegativePrompt, Fields.Model, Fields.PromptStyle, Fields.Steps];

    private static readonly ObjectReader Reader = new(TakenFields);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/tokens", HandleAsync)
        .WithTags("Discovery").WithName("countTokens")
        .WithSummary("How prompts are read: their tokens, and what their grammar means.").WithDescription(About)
        .WithMetadata(new TakesFields(Schema, TakenFields))
        .Answers<TokensAnswer>()
        .Fails(ProblemType.NoModel, ProblemType.ModelNotFound, ProblemType.ModelFailed);

    private static async Task HandleAsync(HttpContext context, InputMemory memory, IModelDirectory models, [FromServices] ModelPool? pool)
    {
        using var room = memory.Reserve(CallerAddress.Of(context));
        var (body, problem) = await RequestReader.ReadAsync(context, Reader, BodyBytes.MaxText, room);
        if (body is null)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }
        var faults = new FaultList();
        FieldValues values;
        ModelChoice choice;
        using (body) // faults repeat what stands in it
        {
            values = Reader.Read(body, faults);
            choice = ModelChoice.Of(values, models);
        }
        if (faults.Count > 0) await ProblemResponse.WriteAsync(context, FailureTable.Of(Refusal.Of(faults)));
        else if (choice.Failure is { } failure) await ProblemResponse.WriteAsync(context, FailureTable.Of(failure));
        else await JsonResponse.WriteAsync(context, Of(values, choice.Model!, pool), WireJson.Wire.TokensAnswer);
    }

    private static TokensAnswer Of(FieldValues values, ModelDescription model, ModelPool? pool)
    {
        var (style, steps) = (values.Resolve(Fields.PromptStyle, model), (int)values.Resolve(Fields.Steps, model));
        return new(model.Id, NameOf(style), steps, Read(Prompt, isNegative: false), Read(Fields.NegativePrompt, isNegative: true));

        PromptReading? Read(TextField field, bool isNegative) =>
            values.TryGet(field, out var text) && text is not null ? PromptReadings.Of(
                text, style, steps, isNegative, (texts, reading) => pool?.MeasureLongest(model.Id, texts, reading)) : null;
    }

    private static string NameOf(PromptStyle style) => Choices.Of<PromptStyle>().First(choice => choice.Value == style).Name;
}
