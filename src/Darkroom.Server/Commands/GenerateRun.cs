using Darkroom.Engine.Queue;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Commands;

/// <summary>One run of <c>generate</c>: validate, start, watch, write the files.</summary>
internal sealed class GenerateRun(Generator generator, IArtifactStore artifacts, IConsole console)
{
    // The only one in the process.
    private const string Caller = "";

    public async Task<int> RunAsync(JsonObject fields, string? file, CancellationToken cancellation)
    {
        using var values = new RequestBody(JsonDocument.Parse(fields.ToJsonString()), []);
        var (order, fault) = generator.Validate(GenerationOrder.Read(TaskSheet.Txt2Img, values));
        if (order is null) return await RefuseAsync(fault!);
        var (run, refusal) = await generator.StartAsync(order, Caller, SubmitTerms.None, Waiting.UntilFinished, cancellation);
        if (run is null) return await RefuseAsync(refusal!);
        using (run)
            return await WatchAsync(run, cancellation) switch
            {
                Outcome.Succeeded done => await WriteAsync(done.Job, done.Result, file, cancellation),
                Outcome.Failed { Failure: var failure } => await RefuseAsync(failure),
                var ended => await RefuseAsync(Failures.Of(ended.Job, draining: false)),
            };
    }

    private async Task<Outcome> WatchAsync(GenerationRun run, CancellationToken cancellation)
    {
        var bar = new ProgressBar(console);
        try
        {
            await foreach (var happened in run.EventsAsync(cancellation)) bar.Show(happened.Progress);
        }
        catch (OperationCanceledException)
        {
            // The run says what became of the job.
        }
        finally
        {
            bar.End();
        }
        return await run.WaitAsync(cancellation);
    }

    private async Task<int> WriteAsync(Job job, JobResult result, string? file, CancellationToken cancellation)
    {
        foreach (var warning in JobWarnings.Of(job)) await console.Error.WriteLineAsync("warning: " + warning);
        foreach (var image in result.Images)
        {
            var path = PathFor(file, image, result.Images.Count);
            if (await WriteAsync(path, image, cancellation) is { } refused)
            {
                await console.Error.WriteLineAsync($"{path} cannot be written: {refused}");
                return 1;
            }
            await console.Out.WriteLineAsync($"{path}  {image.Width}x{image.Height}, seed {image.Seed}");
        }
        return 0;
    }

    /// <returns>Why the file could not be written; null where it was.</returns>
    private async Task<string?> WriteAsync(string path, GeneratedImage image, CancellationToken cancellation)
    {
        var bytes = await artifacts.ReadAsync(image.ArtifactId, cancellation)
            ?? throw new InvalidOperationException("A picture was not held long enough to be written.");
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(path, bytes, cancellation);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return refused.Message;
        }
    }

    private async Task<int> RefuseAsync(Failure failure)
    {
        if (failure.Faults is not { Count: > 0 } faults) await console.Error.WriteLineAsync(failure.Detail);
        else
            foreach (var fault in faults)
                await console.Error.WriteLineAsync($"{fault.Field}: {fault.Message}{(fault.Limit is { } limit ? $" ({limit})" : "")}{Given(fault)}");
        return 1;
    }

    // A word that is no number is more plainly seen than described.
    private static string Given(Fault fault) => fault.Value is JsonValue value && value.TryGetValue(out string? text) ? $" Given: {text}" : "";

    private static string PathFor(string? file, GeneratedImage image, int count)
    {
        var ending = Path.GetExtension(file) is { Length: > 0 } own ? own : "." + PictureFormats.NameOf(image.Format);
        if (file is null) return $"darkroom-{image.Seed}{ending}";
        return count == 1 ? file : Path.ChangeExtension(file, null) + $"-{image.Index + 1}{ending}";
    }
}
