using System.Text.Json;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Generation;
using Darkroom.Server.Http;
using Darkroom.Server.OpenAi.Addresses;
using Darkroom.Server.OpenAi.Contracts;
using Darkroom.Server.OpenAi.Reading;
using Darkroom.Server.Problems;

namespace Darkroom.Server.OpenAi.Answers;

/// <summary>From an outcome to its one answer: the pictures, or the error.</summary>
internal sealed class ImagesResponse(IArtifactStore artifacts, PictureAddresses addresses)
{
    public const string Opaque = "opaque";

    public Task WriteAsync(HttpContext context, Outcome outcome, OpenAiWish wish) => outcome switch
    {
        Outcome.Succeeded { Job: var job, Result: var result } => WriteAsync(context, job, result, wish),
        Outcome.Failed { Failure: var failure } => ProblemResponse.WriteAsync(context, FailureTable.Of(failure)),
        Outcome.Parted { Failure: var failure } => ProblemResponse.WriteAsync(context, FailureTable.Of(failure)),
        _ => LeaveAsync(context),
    };

    public static string SizeOf(int width, int height) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{width}x{height}");

    private async Task WriteAsync(HttpContext context, Job job, JobResult result, OpenAiWish wish)
    {
        var pictures = new List<PictureData>();
        var data = new List<ImageData>(result.Images.Count);
        try
        {
            foreach (var image in result.Images)
                if (wish.AsUrl) data.Add(new(null, await addresses.OfAsync(context, image.ArtifactId), image.Seed));
                else if (await artifacts.OpenAsync(image.ArtifactId, context.RequestAborted) is { } open)
                {
                    pictures.Add(new(open));
                    data.Add(new(pictures[^1], null, image.Seed));
                }
        }
        catch
        {
            foreach (var open in pictures) await open.DisposeAsync();
            throw;
        }
        if (data.Count < result.Images.Count)
        {
            foreach (var open in pictures) await open.DisposeAsync();
            await ProblemResponse.WriteAsync(context, new(ProblemType.Internal, "A picture is no longer held.") { JobId = job.Id });
            return;
        }
        var first = result.Images[0];
        var answer = new ImagesAnswer
        {
            Created = job.CreatedAt.ToUnixTimeSeconds(),
            Data = data,
            Background = Opaque,
            OutputFormat = PictureFormats.NameOf(first.Format),
            Size = SizeOf(first.Width, first.Height),
            Quality = wish.Quality == OpenAiFields.Auto ? null : wish.Quality,
            Warnings = JobWarnings.Of(job) is { Count: > 0 } warnings ? warnings : null,
        };
        await PicturesInJson.WriteAsync(context, () => JsonSerializer.SerializeToUtf8Bytes(answer, OpenAiJson.Wire.ImagesAnswer), pictures);
    }

    private static Task LeaveAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        return Task.CompletedTask;
    }
}
