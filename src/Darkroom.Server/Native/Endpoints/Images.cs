using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/images/{id}</c>: the bytes of a picture that is still held, or a part of them (Range). They never change under an id.</summary>
internal static class Images
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/images/{id}", HandleAsync).WithTags("Pictures").WithName("getImage")
            .WithSummary("The bytes of a picture, or a part of them.")
            .WithDescription("They never change under an id. Conditions and ranges are heeded by RFC 9110, If-Range among them.")
            .WithMetadata(new AnswersPictures(Ranges: true), new AnswersTensors()).TakesId("The picture's id: the last part of its url.", Values.Id)
            .TakesHeader("Range", "One range of bytes, answered 206.", Values.Text(256))
            .TakesHeader("If-None-Match", "ETags that the caller has: 304 where the picture's is among them.", Values.Text(8192))
            .Fails(ProblemType.ImageNotFound, ProblemType.ImageGone, ProblemType.RangeNotSatisfiable, ProblemType.StoreUnavailable);
    }

    private static async Task HandleAsync(HttpContext context, string id, IArtifactStore artifacts, IGenerationQueue queue)
    {
        var picture = IsId(id) ? await artifacts.OpenAsync(id, context.RequestAborted) : null;
        if (picture is null || !await queue.IsOwnAsync(picture.Artifact.Job, context))
        {
            // Nobody knows any more whose a picture was that is gone: those who see only their own are told nothing of it.
            var isGone = picture is null && IsId(id) && Caller.Of(context).SeesAll && await artifacts.WasHereAsync(id, context.RequestAborted);
            await ProblemResponse.WriteAsync(context, isGone
                ? new(ProblemType.ImageGone, artifacts.Retention)
                : new(ProblemType.ImageNotFound, "There is no picture of this id."));
            return;
        }

        var (format, length) = (picture.Artifact.Format, picture.Artifact.Length);
        var headers = context.Response.Headers;
        headers.CacheControl = "private, max-age=31536000, immutable";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.ContentDisposition = $"inline; filename=\"{id}.{PictureFormats.NameOf(format)}\"";
        // Conditions, ranges and HEAD by RFC 9110; closes the picture. A range in a unit that is not known counts as none.
        string asked = context.Request.Headers.Range.ToString();
        bool ranges = asked.Length == 0 || asked.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase);
        if (!ranges) headers.AcceptRanges = "bytes";
        await TypedResults.Stream(picture.Content, PictureFormats.MediaTypeOf(format), entityTag: new($"\"{picture.Artifact.Sha256}\""),
            enableRangeProcessing: ranges).ExecuteAsync(context);
        if (context.Response.StatusCode == StatusCodes.Status416RangeNotSatisfiable)
        {
            headers.ContentDisposition = default;
            await ProblemResponse.WriteAsync(context, new(ProblemType.RangeNotSatisfiable, $"The picture has {length} bytes."));
        }
    }

    private static bool IsId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);
}
