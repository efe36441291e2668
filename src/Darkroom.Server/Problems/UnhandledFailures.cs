using Darkroom.Engine.Queue;
using Darkroom.Server.Logging;

namespace Darkroom.Server.Problems;

/// <summary>What no endpoint expected: a 500 with the request's id and no internals; the log has the rest.</summary>
internal sealed class UnhandledFailures(RequestDelegate next, ILogger<UnhandledFailures> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left: there is nobody to answer.
            if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            var type = refused.StatusCode == StatusCodes.Status413PayloadTooLarge ? ProblemType.TooLarge : ProblemType.BadRequest;
            var detail = type == ProblemType.TooLarge ? "The body is too large." : "The request could not be read to its end.";
            await ProblemResponse.WriteAsync(context, new(type, detail));
        }
        catch (StoreException away) when (away.Fault == StoreFault.Unavailable && !context.Response.HasStarted)
        {
            ServerEvents.StoreUnavailable(logger, context.TraceIdentifier, away.Message);
            await AnswerAsync(context, new(
                ProblemType.StoreUnavailable, "What the request needs cannot be read or written now. Nothing that was stored is lost."));
        }
        catch (StoreException full) when (full.Fault == StoreFault.Full && !context.Response.HasStarted)
        {
            ServerEvents.StoreFull(logger, context.TraceIdentifier, full.Message);
            await AnswerAsync(context, new(ProblemType.StorageFull, "The server has no room to write the change, so nothing was changed."));
        }
        catch (OutOfMemoryException full) when (!context.Response.HasStarted)
        {
            // The managed heap has a limit, and large pieces of it may lie apart: there is room again when what was refused is gone.
            ServerEvents.NoMemory(logger, context.TraceIdentifier, ExceptionShape.Of(full));
            await AnswerAsync(context, new(ProblemType.NotEnoughMemory, "The server has not enough memory for this request now."));
        }
        catch (Exception exception)
        {
            ServerEvents.Unhandled(logger, context.TraceIdentifier, JobIds.Of(context), ExceptionShape.Of(exception));
            if (context.Response.HasStarted) context.Abort();
            else
            {
                await AnswerAsync(context, new(
                    ProblemType.Internal, "This should not have happened. The server's log has more under the request's id."));
            }
        }
    }

    private static Task AnswerAsync(HttpContext context, Problem problem)
    {
        context.Response.Clear();
        context.Response.Headers[RequestIds.Header] = context.TraceIdentifier;
        if (JobIds.Of(context) is { } job) JobIds.Set(context, job);
        return ProblemResponse.WriteAsync(context, problem);
    }
}
