using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;
using Darkroom.Server.Verification;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>POST /v1/verify</c>: makes a picture again by what its file says, and tells whether it is the same.</summary>
internal static class Verify
{
    public const string Schema = "VerifyRequest";

    private const string About =
        "The file has to say all that made the picture: one made of another picture, a mask or a ControlNet's picture cannot be made again, "
        + "and is 422 with what is missing. It is a job like any other: it waits its turn, shares the network's calls, and can be cancelled, watched and "
        + "waited for; as a job its picture has the comparison beside it. What comes out differs where the model's files, the precision, the device or the "
        + "program do.";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/verify", HandleAsync)
        .WithTags("Pictures").WithName("verifyPicture")
        .WithSummary("Makes a picture again by what its file says, and tells whether it is the same.").WithDescription(About)
        .WithMetadata(new TakesFields(Schema, VerifyOrders.Fields))
        .TakesHeader(Prefer.Header, GenerationTasks.AboutPrefer, Values.Text(Prefer.MaxLength))
        .TakesHeader(RepeatKey.Header, GenerationTasks.AboutKey, RepeatKey.Values)
        .Answers<VerifyAnswer>()
        .Answers<JobAnswer>(StatusCodes.Status202Accepted, about: "The job as it stands: it goes on.")
        .Sends(200, JobIds.Header, Prefer.AppliedHeader, RepeatKey.Replayed)
        .Sends(202, JobIds.Header, "Location", Prefer.AppliedHeader, RepeatKey.Replayed)
        .Sends(503, "Location", JobIds.Header).Fails([.. FailureTable.All]);

    private static async Task HandleAsync(HttpContext context, InputMemory memory, VerifyOrders orders, NativeGeneration generation)
    {
        using var room = memory.Reserve(CallerAddress.Of(context));
        var (body, problem) = await RequestReader.ReadAsync(context, VerifyOrders.Reader, BodyBytes.MaxWithPictures, room);
        if (body is null)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }
        Validated validated;
        IdempotencyKey? key;
        using (body)
        {
            var faults = new FaultList();
            var values = VerifyOrders.Reader.Read(body, faults);
            key = RepeatKey.Read(context.Request.Headers, Schema, values, faults);
            validated = faults.Count > 0 ? Refusal.Of(faults) : orders.Of(values);
        }
        body = null;
        if (validated.Order is not { } order) await ProblemResponse.WriteAsync(context, FailureTable.Of(validated.Failure!));
        else await generation.RunAsync(context, order with { Arrival = room }, key, outcome => generation.VerifiedAsync(context, outcome));
    }
}
