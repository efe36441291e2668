using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;

namespace Darkroom.Server.Native.Answers;

/// <summary>From a job that succeeded to the answer on the wire.</summary>
internal static class GenerationAnswers
{
    /// <param name="job">A job with a result.</param>
    /// <param name="mode">How the caller wants the pictures.</param>
    /// <param name="artifacts">Where their bytes are.</param>
    /// <returns>The answer; its pictures are open where it carries them, and closed by <see cref="PicturesInJson"/>.</returns>
    public static async ValueTask<GenerationAnswer> OfAsync(Job job, ReturnMode mode, IArtifactStore artifacts, CancellationToken cancellation)
    {
        var result = job.Result!;
        var images = new List<ImageAnswer>(result.Images.Count);
        try
        {
            foreach (var image in result.Images)
            {
                var open = mode == ReturnMode.Data ? await artifacts.OpenAsync(image.ArtifactId, cancellation) : null;
                images.Add(Of(image, open is null ? null : new(open)));
            }
            return Of(job, mode, images, await PictureLosses.OfAsync(job, artifacts, cancellation));
        }
        catch
        {
            foreach (var image in images)
                if (image.Data is { } data) await data.DisposeAsync();
            throw;
        }
    }

    private static GenerationAnswer Of(Job job, ReturnMode mode, List<ImageAnswer> images, IEnumerable<string> losses)
    {
        var result = job.Result!;
        return new()
        {
            Id = job.Id,
            Task = WireNames.Of(job.Request.Task),
            Status = WireNames.Of(job.State),
            CreatedAt = job.CreatedAt,
            StartedAt = job.StartedAt,
            FinishedAt = job.FinishedAt,
            Model = job.Request.Model,
            Parameters = new(job.Request, result.ModelHash, mode),
            Images = images,
            Noise = FindingsOfJobs.NoiseOf(result),
            Classification = FindingsOfJobs.ClassificationOf(result),
            Likelihood = FindingsOfJobs.LikelihoodOf(result),
            Features = FindingsOfJobs.FeaturesOf(result),
            Warnings = [.. JobWarnings.Of(job), .. losses],
            Timings = Timings(result.Timings),
            Usage = UsageAnswers.Of(job),
        };
    }

    /// <param name="image">A finished picture.</param>
    /// <param name="data">Its file, where the answer carries it.</param>
    public static ImageAnswer Of(GeneratedImage image, PictureData? data) => new()
    {
        Index = image.Index,
        Seed = image.Seed,
        Width = image.Width,
        Height = image.Height,
        Format = PictureFormats.NameOf(image.Format),
        Bytes = image.Bytes,
        Sha256 = image.Sha256,
        Url = UrlOf(image),
        Comparison = image.Comparison is { } found
            ? new(found.IsSame, found.EqualShare, found.MaxDifference, found.ModelHashMatches) : null,
        Attributions = image.Attributions is { } words
            ? [.. words.Select(word => new AttributionAnswer(word.Word, word.Tokens, Math.Round(word.Share, 4), "/v1/images/" + word.ArtifactId))] : null,
        Data = data,
    };

    /// <summary>What a job that makes a picture again has found.</summary>
    /// <param name="job">The job.</param>
    /// <param name="result">Of it.</param>
    /// <param name="found">How its one picture differs from the one that was sent.</param>
    public static VerifyAnswer OfVerified(Job job, JobResult result, PictureComparison found) => new()
    {
        Id = job.Id,
        Same = found.IsSame,
        EqualValues = found.EqualShare,
        MaxDifference = found.MaxDifference,
        Model = job.Request.Model,
        ModelHashMatches = found.ModelHashMatches,
        Image = Of(result.Images[0], null),
        Warnings = JobWarnings.Of(job),
        Timings = Timings(result.Timings),
    };

    public static string UrlOf(GeneratedImage image) => "/v1/images/" + image.ArtifactId;

    public static TimingsAnswer Timings(JobTimings t) =>
        new(Ms(t.QueuedMs), Ms(t.EncodeMs), Ms(t.DenoiseMs), Ms(t.DecodeMs), Ms(t.TotalMs), t.Steps, Math.Round(t.MeanBatch, 2));

    private static double Ms(double value) => Math.Round(value, 2);
}
