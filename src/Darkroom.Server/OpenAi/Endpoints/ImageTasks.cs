using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.OpenAi.Answers;
using Darkroom.Server.OpenAi.Contracts;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;

namespace Darkroom.Server.OpenAi.Endpoints;

/// <summary><c>POST /v1/images/generations</c>, <c>edits</c> and <c>variations</c>: one way for all, with the address's own fields.</summary>
internal static class ImageTasks
{
    private const string AboutKey = "A name of the caller's own for this request: the same name and request within 24 hours give the same job.";

    private const string AboutEvents = "With stream, each event's name is its type: a preview of a picture, a finished one, or the error that ends the stream.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, OpenAiTask.Generate, "createImage", "Makes pictures from text.");
        Map(routes, OpenAiTask.Edit, "editImage", "Works on a picture, or on what a mask leaves open of it.");
        Map(routes, OpenAiTask.Vary, "createImageVariation", "Makes variations of a picture.");
    }

    private static void Map(IEndpointRouteBuilder routes, OpenAiTask task, string name, string summary)
    {
        var endpoint = routes.MapPost(task.Address, (HttpContext context, OpenAiGeneration generation) => generation.HandleAsync(context, task))
            .WithTags(OpenAiSurface.Tag).WithName(name).WithSummary(summary)
            .WithDescription("As OpenAI's API has it; what this server adds and refuses stands in docs/openai.md.")
            .WithMetadata(new TakesFields(task.Schema, task.Fields), new ProblemsAs(typeof(ErrorAnswer), OpenAiErrors.StatusOf))
            .TakesHeader(RepeatKey.Header, AboutKey, RepeatKey.Values);
        endpoint.Answers<ImagesAnswer>().Sends(200, JobIds.Header, RepeatKey.Replayed).Fails([.. FailureTable.All.Except([ProblemType.UpscalerNotFound])]);
        if (task.Events is not null)
            endpoint.WithMetadata(new AnswersEventStream(
                "ImageEvent", AboutEvents, [typeof(PartialImageEvent), typeof(ImageCompletedEvent), typeof(ErrorEvent)])
                { BesideJson = true });
    }
}
