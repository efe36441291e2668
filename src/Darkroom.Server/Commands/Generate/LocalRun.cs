using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Verification;

namespace Darkroom.Server.Commands.Generate;

/// <summary>One run without a server: validate, start, watch, read the files.</summary>
internal sealed class LocalRun(IServiceProvider services) : IPictureMaker
{
    // The only one in the process.
    private const string Caller = "";

    private readonly Generator generator = services.GetRequiredService<Generator>();
    private readonly IGenerationQueue queue = services.GetRequiredService<IGenerationQueue>();
    private readonly IArtifactStore artifacts = services.GetRequiredService<IArtifactStore>();

    public async Task<RunEnd> RunAsync(CommandOrder order, RunView view, CancellationToken cancellation)
    {
        var files = new List<SentFile>(order.Pictures.Count);
        foreach (var (field, path) in order.Pictures) files.Add(new(field, await OrderFiles.ReadAsync(path, cancellation), SentForm.File));
        using var values = new RequestBody(JsonDocument.Parse(order.Fields.ToJsonString()), files);
        return await RunAsync(generator.Validate(GenerationOrder.Read(TaskSheet.Of(order.Task), values)), view, MadeAsync, cancellation);
    }

    public async Task<RunEnd> VerifyAsync(string path, RunView view, CancellationToken cancellation)
    {
        var faults = new FaultList();
        var values = new FieldValues();
        if (VerifyOrders.Image.ReadPart(
            new(VerifyOrders.Image.Name, await OrderFiles.ReadAsync(path, cancellation), SentForm.File), faults) is not { } picture)
            return Refuse(Refusal.Of(faults));
        values.Set(VerifyOrders.Image, picture, default);
        return await RunAsync(services.GetRequiredService<VerifyOrders>().Of(values), view, VerifiedAsync, cancellation);
    }

    private async Task<RunEnd> RunAsync(
        Validated validated, RunView view, Func<Job, JobResult, CancellationToken, Task<RunEnd>> end, CancellationToken cancellation)
    {
        if (validated.Order is not { } valid) return Refuse(validated.Failure!);
        var (run, refusal) = await generator.StartAsync(valid, Caller, SubmitTerms.None, Waiting.UntilFinished, cancellation);
        if (run is null) return Refuse(refusal!);
        using (run)
            return await WatchAsync(run, view, cancellation) switch
            {
                Outcome.Succeeded done => await end(done.Job, done.Result, cancellation),
                Outcome.Failed { Failure: var failure } => Refuse(failure),
                var ended => Refuse(Failures.Of(ended.Job, draining: false)),
            };
    }

    private async Task<Outcome> WatchAsync(GenerationRun run, RunView view, CancellationToken cancellation)
    {
        try
        {
            if (view.Watches)
                await foreach (var news in new JobFeed(queue, services.GetRequiredService<IPreviewBoard>()).ReadAsync(run.Job.Id, default, cancellation))
                    if (news.Preview is { } preview) view.Preview(preview.Index, preview.Png);
                    else await ShowAsync(news.Event!, view, cancellation);
            else
                await foreach (var happened in run.EventsAsync(cancellation)) await ShowAsync(happened, view, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The run says what became of the job.
        }
        return await run.WaitAsync(cancellation);
    }

    private async ValueTask ShowAsync(JobEvent happened, RunView view, CancellationToken cancellation)
    {
        var progress = happened.Progress;
        var outlook = happened.Kind == JobEventKind.Progress && await queue.FindAsync(happened.JobId, cancellation) is { } job
            ? await queue.OutlookAsync(job with { Progress = progress }, cancellation) : default;
        if (happened.Kind != JobEventKind.Queued) view.Progress(progress.Step, progress.Steps, progress.Share, outlook.Eta);
    }

    private async Task<RunEnd> MadeAsync(Job job, JobResult result, CancellationToken cancellation)
    {
        var pictures = new List<MadePicture>(result.Images.Count);
        foreach (var image in result.Images)
        {
            var bytes = await artifacts.ReadAsync(image.ArtifactId, cancellation)
                ?? throw new InvalidOperationException("A picture was not held long enough to be written.");
            pictures.Add(new(image.Index, image.Seed, image.Width, image.Height, PictureFormats.NameOf(image.Format), bytes));
        }
        return new RunEnd.Made(pictures, JobWarnings.Of(job));
    }

    private static Task<RunEnd> VerifiedAsync(Job job, JobResult result, CancellationToken cancellation)
    {
        var found = result.Images[0].Comparison ?? throw new InvalidOperationException("The picture was not compared.");
        return Task.FromResult<RunEnd>(new RunEnd.Verified(
            job.Request.Model, new(found.IsSame, found.EqualShare, found.MaxDifference, found.ModelHashMatches), JobWarnings.Of(job)));
    }

    private static RunEnd.Refused Refuse(Failure failure) => failure.Faults is { Count: > 0 } faults
        ? new([.. faults.Select(fault => RunEnd.Line(
            fault.Field, fault.Message, fault.Limit, fault.Value is JsonValue value && value.TryGetValue(out string? text) ? text : null))])
        : new(failure.Detail);
}
