using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.OpenAi.Answers;
using Darkroom.Server.OpenAi.Contracts;
using Darkroom.Server.OpenAi.Reading;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;

namespace Darkroom.Server.OpenAi.Endpoints;

/// <summary>The way of a request through this surface: read, validate, start, then one answer or a stream.</summary>
internal sealed class OpenAiGeneration(
    Generator generator, ImagesResponse response, ImageStream stream, OpenAiSettings settings, InputMemory memory, ILogger<OpenAiGeneration> logger)
{
    public async Task HandleAsync(HttpContext context, OpenAiTask task)
    {
        using var room = memory.Reserve(CallerAddress.Of(context));
        var (body, problem) = await OpenAiBody.ReadAsync(context, task, room);
        if (body is null)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }
        // Nothing holds the body from here on: a job may wait long.
        ValidOrder? valid;
        Failure? failure;
        IdempotencyKey? key;
        OpenAiWish wish;
        using (body)
        {
            (var asked, wish) = OpenAiOrder.Read(task, body, settings.Models);
            key = RepeatKey.Read(context.Request.Headers, asked.Sheet.Task.ToString(), asked.Values, asked.Faults);
            int ofReading = asked.Faults.Count;
            (valid, failure) = generator.Validate(asked);
            if (failure?.Faults is { } faults) failure = failure with { Faults = OpenAiOrder.Renamed(faults, ofReading, body, asked.Values) };
        }
        body = null;
        if (valid is null) await ProblemResponse.WriteAsync(context, FailureTable.Of(failure!));
        else await RunAsync(context, WithPreviews(valid, wish.Partials) with { Arrival = room }, key, wish, task);
    }

    private async Task RunAsync(HttpContext context, ValidOrder order, IdempotencyKey? key, OpenAiWish wish, OpenAiTask task)
    {
        var caller = Caller.Of(context);
        var terms = new SubmitTerms { Key = key, MaxQueued = caller.Limits.MaxQueued, MaxCost = caller.Limits.MaxMegapixelSteps };
        // Who sent a key means to ask again when the connection breaks: the job must be there then.
        var waiting = Waiting.UntilFinished with { CancelsOnLeave = key is null };
        var (run, failure) = await generator.StartAsync(order, caller.Id, terms, waiting, context.RequestAborted);
        if (run is null)
        {
            await ProblemResponse.WriteAsync(context, FailureTable.Of(failure!));
            return;
        }
        using (run)
        {
            JobIds.Set(context, run.Job.Id);
            if (run.IsReplay) context.Response.Headers[RepeatKey.Replayed] = "true";
            ServerEvents.Waiting(logger, context.TraceIdentifier, run.Job.Id);
            if (wish.Streams) await stream.WriteAsync(context, run, wish, task.Events!);
            else await response.WriteAsync(context, await run.WaitAsync(context.RequestAborted), wish);
        }
    }

    /// <summary>Previews spread over the steps that are run, none of them at the last one.</summary>
    private static ValidOrder WithPreviews(ValidOrder order, int partials)
    {
        if (partials == 0) return order;
        int every = Math.Max(1, order.Request.StepsRun / (partials + 1));
        return order with { Request = order.Request with { PreviewEvery = every } };
    }
}
