using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Contracts;
using Darkroom.Server.Endpoints;
using Darkroom.Server.Problems;
using Darkroom.Server.Validation;

namespace Darkroom.Server.Commands;

/// <summary>One run of <c>generate</c>: validate, queue, watch, write the files.</summary>
internal sealed class GenerateRun(GenerationValidation validation, IGenerationQueue queue, IArtifactStore artifacts, IConsole console)
{
    public async Task<int> RunAsync(JsonObject body, string? file, CancellationToken cancellation)
    {
        var headers = new HeaderDictionary();
        using var request = new RequestBody(JsonDocument.Parse(body.ToJsonString()), []);
        var (order, problem) = validation.Validate(TaskSheet.Txt2Img, request, Accept.Parse(headers)!, headers);
        if (order is null) return await RefuseAsync(problem!);

        var admission = await queue.SubmitAsync(order.Request, order.Warnings, CancellationToken.None);
        if (admission is not Admission.Accepted { Job: var job }) return await RefuseAsync(FailureTable.Of(admission));
        var finished = await WatchAsync(job, cancellation);
        if (finished.Result is not { } result) return await RefuseAsync(FailureTable.Of(finished, draining: false));

        foreach (var warning in GenerationAnswers.WarningsOf(finished)) await console.Error.WriteLineAsync("warning: " + warning);
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

    private async Task<Job> WatchAsync(Job job, CancellationToken cancellation)
    {
        var bar = new ProgressBar(console);
        try
        {
            await foreach (var happened in queue.EventsAsync(job.Id, 0, cancellation)) bar.Show(happened.Progress);
            return await queue.WaitAsync(job.Id, cancellation);
        }
        catch (OperationCanceledException)
        {
            return await queue.CancelAsync(job.Id, CancellationToken.None) ?? job;
        }
        finally
        {
            bar.End();
        }
    }

    /// <returns>Why the file could not be written; null where it was.</returns>
    private async Task<string?> WriteAsync(string path, GeneratedImage image, CancellationToken cancellation)
    {
        var artifact = await artifacts.FindAsync(image.ArtifactId, cancellation) ?? throw new InvalidOperationException("A picture was not held long enough to be written.");
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(path, artifact.Bytes, cancellation);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return refused.Message;
        }
    }

    private async Task<int> RefuseAsync(Problem problem)
    {
        if (problem.Errors is not { Count: > 0 } faults) await console.Error.WriteLineAsync(problem.Detail);
        else
            foreach (var fault in faults)
                await console.Error.WriteLineAsync($"{fault.Field}: {fault.Message}{(fault.Limit is { } limit ? $" ({limit})" : "")}");
        return 1;
    }

    private static string PathFor(string? file, GeneratedImage image, int count)
    {
        var ending = Path.GetExtension(file) is { Length: > 0 } own ? own : "." + PictureFormats.NameOf(image.Format);
        if (file is null) return $"darkroom-{image.Seed}{ending}";
        return count == 1 ? file : Path.ChangeExtension(file, null) + $"-{image.Index + 1}{ending}";
    }
}
