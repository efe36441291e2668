using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Automatic1111.Answers;
using Darkroom.Server.Automatic1111.Calls;
using Darkroom.Server.Security.Access;

namespace Darkroom.Server.Automatic1111.Endpoints;

/// <summary>
/// <c>POST /sdapi/v1/interrupt</c> and <c>skip</c>. They stop what the caller itself asked for by this surface, and nobody else's. Who shares a key, or on a
/// server without keys an address, is one caller.
/// </summary>
internal static class CallControl
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sdapi/v1/interrupt", InterruptAsync);
        routes.MapPost("/sdapi/v1/skip", SkipAsync);
    }

    /// <summary>What runs is finished as it stands, and what waits is not begun. The calls are answered with what there is.</summary>
    private static async Task InterruptAsync(HttpContext context, IGenerationQueue queue)
    {
        foreach (var call in await OwnCall.AllAsync(queue, Caller.Of(context).Id, context.RequestAborted))
            foreach (var job in call.Jobs)
                if (await queue.FinishEarlyAsync(job.Id, PictureSet.All, context.RequestAborted) is CommitOutcome.NotApplicable({ State: JobState.Queued }))
                    await queue.CancelAsync(job.Id, CancellationToken.None);
        await JsonAnswer.WriteAsync(context, new JsonObject());
    }

    /// <summary>The first batch that is not skipped yet, of the call that runs: its pictures are finished as they stand, and the others go on.</summary>
    private static async Task SkipAsync(HttpContext context, IGenerationQueue queue)
    {
        var calls = await OwnCall.AllAsync(queue, Caller.Of(context).Id, context.RequestAborted);
        if (calls.FirstOrDefault(call => call.Runs) is { } running)
            foreach (var job in running.Jobs)
                if (job.State == JobState.Running && NextBatch(job) is { IsEmpty: false } batch)
                {
                    await queue.FinishEarlyAsync(job.Id, batch, context.RequestAborted);
                    break;
                }
        await JsonAnswer.WriteAsync(context, new JsonObject());
    }

    private static PictureSet NextBatch(Job job)
    {
        var (call, count) = (job.Request.Call!, job.Request.Count);
        int first = 0;
        while (first < count && job.FinishesEarly.Has(first)) first++;
        var batch = default(PictureSet);
        for (int i = first; i < count && (call.First + i) / call.Batch == (call.First + first) / call.Batch; i++) batch = batch.With(PictureSet.Of(i));
        return batch;
    }
}
