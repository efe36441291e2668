using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.Native.Answers;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;

namespace Darkroom.Server.Native.Endpoints;

/// <summary>The way of a generation request through the native surface: read, validate, start, wait, answer.</summary>
internal sealed class NativeGeneration(Generator generator, GenerationResponse response, InputMemory memory, ILogger<NativeGeneration> logger)
{
    public async Task HandleAsync(HttpContext context, TaskSheet sheet)
    {
        if (sheet == TaskSheet.Features)
        {
            await FeaturesAsync(context);
            return;
        }

        if (Accept.Parse(context.Request.Headers) is not { } accept)
        {
            await ProblemResponse.WriteAsync(context, new(ProblemType.NotAcceptable, "On offer: application/json, image/png, image/jpeg, image/webp."));
            return;
        }

        var isMeasure = TaskSheet.Measures.Contains(sheet);
        if (isMeasure && !accept.TakesJson)
        {
            await ProblemResponse.WriteAsync(context, new(ProblemType.NotAcceptable, "On offer: application/json; the answer is no picture."));
            return;
        }

        await ReadAsync(context, sheet, accept, !isMeasure && accept.AsPicture() is not null);
    }

    /// <summary>The same, with tensors as the answer.</summary>
    private async Task FeaturesAsync(HttpContext context)
    {
        if (TensorAccept.IsJson(context.Request.Headers) is { } isJson) await ReadAsync(context, TaskSheet.Features, Accept.Any, asFile: !isJson);
        else await ProblemResponse.WriteAsync(context, new(ProblemType.NotAcceptable, $"On offer: {PictureFormats.Bytes}, application/json."));
    }

    private async Task ReadAsync(HttpContext context, TaskSheet sheet, Accept accept, bool asFile)
    {
        using var room = memory.Reserve(CallerAddress.Of(context));
        var largest = sheet.TakesPictures ? BodyBytes.MaxWithPictures : BodyBytes.MaxText;
        var (body, problem) = await RequestReader.ReadAsync(context, sheet.Reader, largest, room);
        if (body is null)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }
        // Nothing holds the body from here on: a job may wait long.
        Validated validated;
        IdempotencyKey? key;
        using (body)
        {
            (var asked, key) = NativeOrder.Read(sheet, body, accept, context.Request.Headers);
            validated = generator.Validate(asked);
        }
        body = null;
        if (validated.Order is { } order)
            await RunAsync(context, order with { Arrival = room }, key,
                outcome => response.WriteAsync(context, outcome, order.Return, asPicture: asFile));
        else await ProblemResponse.WriteAsync(context, FailureTable.Of(validated.Failure!));
    }

    /// <summary>Starts an order, waits for it as its caller wants, and answers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="order">What it asks for.</param>
    /// <param name="key">The caller's name for it; null: it has none.</param>
    /// <param name="answer">Writes the answer to how the waiting ended.</param>
    public async Task RunAsync(HttpContext context, ValidOrder order, IdempotencyKey? key, Func<Outcome, Task> answer)
    {
        var (prefer, caller) = (Prefer.Of(context.Request.Headers), Caller.Of(context));
        var terms = new SubmitTerms { Key = key, MaxQueued = caller.Limits.MaxQueued, MaxCost = caller.Limits.MaxMegapixelSteps };
        // Who sent a key means to ask again when the connection breaks: the job must be there then.
        var waiting = key is null ? prefer.Waiting : prefer.Waiting with { CancelsOnLeave = false };
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
            var outcome = await run.WaitAsync(context.RequestAborted);
            if (prefer.Applied(accepted: outcome is Outcome.Pending) is { } applied) context.Response.Headers[Prefer.AppliedHeader] = applied;
            await answer(outcome);
        }
    }

    /// <summary>Answers with what a job found that made a picture again; else as for any other.</summary>
    public Task VerifiedAsync(HttpContext context, Outcome outcome) => outcome switch
    {
        Outcome.Succeeded { Result: { Images: [{ Comparison: { } found }] } result } =>
            JsonResponse.WriteAsync(context, GenerationAnswers.OfVerified(outcome.Job, result, found), WireJson.Wire.VerifyAnswer),
        Outcome.Succeeded => ProblemResponse.WriteAsync(
            context, new(ProblemType.Internal, "The picture was made again and not compared, by a server of an older version.")),
        _ => response.WriteAsync(context, outcome, ReturnMode.Url, asPicture: false),
    };
}
