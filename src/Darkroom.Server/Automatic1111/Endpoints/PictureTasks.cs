using Darkroom.Engine.Artifacts;
using Darkroom.Server.Automatic1111.Answers;
using Darkroom.Server.Automatic1111.Calls;
using Darkroom.Server.Automatic1111.Options;
using Darkroom.Server.Automatic1111.Reading;
using Darkroom.Server.Generation;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;

namespace Darkroom.Server.Automatic1111.Endpoints;

/// <summary><c>POST /sdapi/v1/txt2img</c> and <c>img2img</c>: read, validate, start, wait, answer. A client that leaves cancels its jobs.</summary>
internal sealed class PictureTasks(
    TaskReader reader, Generator generator, PictureCalls calls, CallAnswer answer, OptionStore options, InputMemory memory, ILogger<PictureTasks> logger)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sdapi/v1/txt2img", (HttpContext context, PictureTasks tasks) => tasks.HandleAsync(context, fromPicture: false));
        routes.MapPost("/sdapi/v1/img2img", (HttpContext context, PictureTasks tasks) => tasks.HandleAsync(context, fromPicture: true));
    }

    private async Task HandleAsync(HttpContext context, bool fromPicture)
    {
        using var room = memory.Reserve(CallerAddress.Of(context));
        var (call, orders, problem) = await ReadAsync(context, fromPicture, room);
        if (problem is not null)
        {
            await ProblemResponse.WriteAsync(context, problem);
            return;
        }
        await RunAsync(context, call!, orders, room);
    }

    private async ValueTask<(SentCall? Call, IReadOnlyList<ValidOrder> Orders, Problem? Problem)> ReadAsync(
        HttpContext context, bool fromPicture, InputReservation room)
    {
        var (read, tooMuch) = await BodyBytes.ReadAsync(context, BodyBytes.MaxWithPictures, room); // ControlNets' pictures come with txt2img too
        if (read is not { } bytes) return (null, [], tooMuch);
        var (body, unread) = LiftedBody.Parse(bytes);
        if (body is null) return (null, [], unread);
        using (body)
        {
            var caller = Caller.Of(context).Id;
            var (call, problem) = await reader.ReadAsync(body, fromPicture, options.Of(caller), OptionEndpoints.PartsOf(context), context.RequestAborted);
            if (call is null) return (null, [], problem);
            var orders = new List<ValidOrder>(call.Orders.Count);
            foreach (var order in call.Orders)
            {
                var validated = generator.Validate(order);
                if (validated.Order is not { } valid) return (null, [], FailureTable.Of(validated.Failure!));
                orders.Add(valid);
            }
            if (call.Kept is { } kept) options.TryReplace(caller, options.Of(caller), kept);
            return (call, orders, null);
        }
    }

    private async Task RunAsync(HttpContext context, SentCall call, IReadOnlyList<ValidOrder> orders, InputReservation room)
    {
        var (runs, failure) = await calls.StartAsync(call, orders, Caller.Of(context), room, context.RequestAborted);
        try
        {
            if (failure is not null)
            {
                await ProblemResponse.WriteAsync(context, FailureTable.Of(failure));
                return;
            }
            JobIds.Set(context, runs[0].Job.Id);
            ServerEvents.Waiting(logger, context.TraceIdentifier, runs[0].Job.Id);
            var request = runs[0].Job.Request;
            orders = []; // pictures that were sent are with their jobs
            var outcome = await calls.WaitAsync(runs, context.RequestAborted);
            if (outcome.HasLeft) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            else if (outcome.Failure is { } reason) await ProblemResponse.WriteAsync(context, FailureTable.Of(reason));
            else await answer.WriteAsync(context, call, request, outcome.Jobs);
        }
        finally
        {
            foreach (var run in runs) run.Dispose();
        }
    }
}
