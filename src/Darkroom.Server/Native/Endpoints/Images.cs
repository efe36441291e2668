using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;
using Microsoft.Net.Http.Headers;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/images/{id}</c>: the bytes of a picture that is still held. They never change under an id.</summary>
internal static class Images
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/images/{id}", HandleAsync).WithTags("Pictures").WithName("image")
            .WithSummary("The bytes of a picture.").WithMetadata(new AnswersPictures()).Fails(ProblemType.ImageNotFound, ProblemType.ImageGone);
    }

    private static async Task HandleAsync(HttpContext context, string id, IArtifactStore artifacts, IGenerationQueue queue)
    {
        var picture = IsId(id) ? await artifacts.FindAsync(id, context.RequestAborted) : null;
        if (picture is null || !await queue.IsOwnAsync(picture.Job, context))
        {
            // Nobody knows any more whose a picture was that is gone: those who see only their own are told nothing of it.
            var isGone = picture is null && IsId(id) && Caller.Of(context).SeesAll && await artifacts.WasHereAsync(id, context.RequestAborted);
            await ProblemResponse.WriteAsync(context, isGone
                ? new(ProblemType.ImageGone, artifacts.Retention)
                : new(ProblemType.ImageNotFound, "There is no picture of this id."));
            return;
        }

        var etag = $"\"{picture.Sha256}\"";
        var headers = context.Response.Headers;
        headers.ETag = etag;
        headers.CacheControl = "private, max-age=31536000, immutable";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        if (IsKnown(context.Request, etag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        headers.ContentDisposition = $"inline; filename=\"{id}.{PictureFormats.NameOf(picture.Format)}\"";
        context.Response.ContentType = PictureFormats.MediaTypeOf(picture.Format);
        context.Response.ContentLength = picture.Bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(picture.Bytes, context.RequestAborted);
    }

    private static bool IsId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);

    private static bool IsKnown(HttpRequest request, string etag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(tag => tag.Tag == "*" || tag.Tag.Equals(etag, StringComparison.Ordinal));
}
