using System.Globalization;
using System.Text.Json.Nodes;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Queue;
using Darkroom.Server.Automatic1111.Answers;
using Darkroom.Server.Automatic1111.Calls;
using Darkroom.Server.Automatic1111.Reading;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;

namespace Darkroom.Server.Automatic1111.Endpoints;

/// <summary>
/// <c>GET /sdapi/v1/progress</c> for the caller's call that runs, <c>POST /internal/progress</c> for one by its id, and <c>GET /internal/pending-tasks</c>.
/// Nobody sees another caller's.
/// </summary>
internal static class CallProgress
{
    private const int Remembered = 16; // finished calls, as there

    // A preview that another process has is fetched while somebody asks for it: the next question finds it.
    private static readonly TimeSpan PreviewPatience = TimeSpan.FromMilliseconds(100);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sdapi/v1/progress", ShowAsync);
        routes.MapPost("/internal/progress", ShowTaskAsync);
        routes.MapGet("/internal/pending-tasks", PendingAsync);
    }

    private static async Task ShowAsync(HttpContext context, IGenerationQueue queue, IPreviewBoard board)
    {
        var call = (await OwnCall.AllAsync(queue, Caller.Of(context).Id, context.RequestAborted)).FirstOrDefault();
        var asked = context.Request.Query["skip_current_image"].ToString();
        bool skips = asked == "1" || asked.Equals("true", StringComparison.OrdinalIgnoreCase);
        var preview = call is { Runs: true } && !skips ? await PreviewOfAsync(call, 0, board, context.RequestAborted) : null;
        await JsonAnswer.WriteAsync(context, new JsonObject
        {
            ["progress"] = call is null ? 0 : ProgressState.ShareOf(call),
            ["eta_relative"] = call is null ? 0 : await EtaOfAsync(call, queue, context.RequestAborted) ?? 0,
            ["state"] = ProgressState.Of(call),
            ["current_image"] = preview is { } shown ? Convert.ToBase64String(shown.Preview.Png.Span) : null,
            ["textinfo"] = call is null ? null : await TextOfAsync(call, queue, context.RequestAborted),
        });
    }

    private static async Task ShowTaskAsync(HttpContext context, IGenerationQueue queue, IPreviewBoard board, InputMemory memory)
    {
        using var room = memory.Reserve(CallerAddress.Of(context));
        var (read, problem) = await BodyBytes.ReadAsync(context, BodyBytes.MaxText, room);
        var (body, unread) = read is { } bytes ? LiftedBody.Parse(bytes) : default;
        if (body is null)
        {
            await ProblemResponse.WriteAsync(context, problem ?? unread!);
            return;
        }
        using var document = body;
        var faults = new FaultList();
        var values = new SentValues(body.Json, faults);
        var (id, seen, wanted) = (values.Text("id_task"), values.Whole("id_live_preview") ?? -1, values.Flag("live_preview") ?? true);
        if (id is null && faults.Count == 0) values.Refuse("id_task", "is required: the call's force_task_id");
        if (faults.Count > 0)
        {
            await ProblemResponse.WriteAsync(context, FailureTable.Of(Refusal.Of(faults)));
            return;
        }
        var caller = Caller.Of(context).Id;
        var calls = await OwnCall.AllAsync(queue, caller, context.RequestAborted);
        var call = calls.FirstOrDefault(one => one.Id == id);
        bool completed = call is null && await IsDoneAsync(id!, caller, queue, context.RequestAborted);
        var preview = call is { Runs: true } && wanted ? await PreviewOfAsync(call, Math.Max(0, seen), board, context.RequestAborted) : null;
        await JsonAnswer.WriteAsync(context, new JsonObject
        {
            ["active"] = call is { Runs: true },
            ["queued"] = call is { Runs: false },
            ["completed"] = completed,
            ["progress"] = call is { Runs: true } ? ProgressState.ShareOf(call) : null,
            ["eta"] = call is null ? null : await EtaOfAsync(call, queue, context.RequestAborted),
            ["live_preview"] = preview is { } shown ? "data:image/png;base64," + Convert.ToBase64String(shown.Preview.Png.Span) : null,
            ["id_live_preview"] = preview?.Number ?? seen,
            ["textinfo"] = call is null ? null : await TextOfAsync(call, queue, context.RequestAborted) ?? "Waiting...",
        });
    }

    private static async Task PendingAsync(HttpContext context, IGenerationQueue queue)
    {
        var waiting = (await OwnCall.AllAsync(queue, Caller.Of(context).Id, context.RequestAborted)).Where(call => !call.Runs).ToList();
        await JsonAnswer.WriteAsync(context, new JsonObject
        {
            ["size"] = waiting.Count, ["tasks"] = new JsonArray([.. waiting.Select(call => JsonValue.Create(call.Id))]),
        });
    }

    /// <summary>Whether it is among the caller's last calls that ended.</summary>
    private static async ValueTask<bool> IsDoneAsync(string id, string caller, IGenerationQueue queue, CancellationToken cancellation)
    {
        int most = Remembered * CallPlan.MaxPictures / CallPlan.MaxOfJob;
        var page = await queue.ListAsync(new JobQuery(null, most) { Caller = caller }, cancellation);
        return page.Jobs.Where(job => job.IsFinished && job.Request.Call is not null).Select(job => job.Request.Call!.Id).Distinct()
            .Take(Remembered).Contains(id);
    }

    private static async ValueTask<PostedPreview?> PreviewOfAsync(OwnCall call, long seen, IPreviewBoard board, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(PreviewPatience);
        try
        {
            return call.Current.Request.PreviewEvery == 0 ? null : await board.NextAsync(call.Current.Id, seen, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Until its last job is done; null: unknown.</summary>
    private static async ValueTask<double?> EtaOfAsync(OwnCall call, IGenerationQueue queue, CancellationToken cancellation)
    {
        double? last = null;
        foreach (var job in call.Jobs)
            if ((await queue.OutlookAsync(job, cancellation)).Eta is { } eta) last = Math.Max(last ?? 0, eta);
        return last;
    }

    private static async ValueTask<string?> TextOfAsync(OwnCall call, IGenerationQueue queue, CancellationToken cancellation) =>
        call.Runs || (await queue.OutlookAsync(call.Current, cancellation)).Position is not { } ahead ? null
            : string.Create(CultureInfo.InvariantCulture, $"In queue: {ahead + 1}");
}
