using Darkroom.Server.Contracts;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;
using Darkroom.Server.Validation;

namespace Darkroom.Server.Endpoints;

/// <summary><c>POST /v1/txt2img</c>: a picture from text.</summary>
internal static class Txt2Img
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/txt2img", HandleAsync)
        .WithTags("Generation").WithName("txt2img")
        .WithSummary("Makes pictures from text and waits for them.")
        .WithDescription("With Accept: image/png, image/jpeg or image/webp and count 1 the answer is the picture itself; else JSON.")
        .WithMetadata(new TakesFields("Txt2ImgRequest"), new AnswersPictures())
        .Answers<GenerationAnswer>()
        .Fails(
            ProblemType.BadRequest, ProblemType.InvalidJson, ProblemType.NoModel, ProblemType.ModelNotFound, ProblemType.NotAcceptable, ProblemType.JobCancelled,
            ProblemType.TooLarge, ProblemType.UnsupportedMediaType, ProblemType.MediaTypeNotYetSupported, ProblemType.InvalidRequest, ProblemType.NotYetSupported,
            ProblemType.Internal, ProblemType.NonFinite, ProblemType.GraphMismatch,
            ProblemType.QueueFull, ProblemType.ShuttingDown, ProblemType.ModelFailed, ProblemType.NotEnoughMemory, ProblemType.DeadlineExpired);

    private static async Task HandleAsync(HttpContext context, Txt2ImgValidation validation, Generation generation)
    {
        if (Accept.Parse(context.Request.Headers) is not { } accept)
        {
            await ProblemResponse.WriteAsync(context, new(ProblemType.NotAcceptable, "On offer: application/json, image/png, image/jpeg, image/webp."));
            return;
        }

        var (json, problem) = await JsonBody.ReadAsync(context);
        Validated validated;
        using (json) validated = problem ?? (json is null ? default : validation.Validate(json.RootElement, accept, context.Request.Headers));
        if (validated.Order is { } order) await generation.AnswerAsync(context, order);
        else await ProblemResponse.WriteAsync(context, validated.Problem!);
    }
}
