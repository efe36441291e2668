using Darkroom.Engine.Artifacts;
using Darkroom.Server.Generation;
using Darkroom.Server.OpenAi.Addresses;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;

namespace Darkroom.Server.OpenAi.Endpoints;

/// <summary><c>GET /v1/images/{id}/content</c>: a picture for those who have its signed address, without a key.</summary>
internal static class SignedPictures
{
    private const string Detail = "The address is not signed for this picture, or its hour is over. Ask for the picture's address again.";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(PictureAddresses.Route, HandleAsync)
        .WithTags(OpenAiSurface.Tag).WithName("getSignedImage")
        .WithSummary("A picture by the signed address that response_format url gives.")
        .WithDescription("No key is needed: the address is as good as one, for an hour.").WithMetadata(new AnswersPictures(Ranges: true))
        .TakesId("The picture's id.", Values.Id)
        .TakesQuery(PictureAddresses.Expires, "When the address ends: seconds since 1970.", Values.Whole(0, int.MaxValue * 2L))
        .TakesQuery(PictureAddresses.Signature, "What the server signed the address with.", Values.Text(64, "^[0-9a-f]{64}$"))
        .TakesHeader("Range", "One range of bytes, answered 206.", Values.Text(256))
        .TakesHeader("If-None-Match", "ETags that the caller has: 304 where the picture's is among them.", Values.Text(8192))
        .Fails(ProblemType.SignatureInvalid, ProblemType.ImageNotFound, ProblemType.ImageGone, ProblemType.StoreUnavailable);

    private static async Task HandleAsync(HttpContext context, string id, PictureAddresses addresses, IArtifactStore artifacts)
    {
        var query = context.Request.Query;
        // Before the picture is looked for: a wrong address tells nothing of what there is.
        if (!await addresses.IsValidAsync(id, query[PictureAddresses.Expires], query[PictureAddresses.Signature], context.RequestAborted))
        {
            await ProblemResponse.WriteAsync(context, new(ProblemType.SignatureInvalid, Detail));
            return;
        }
        if (await artifacts.OpenAsync(id, context.RequestAborted) is not { } picture)
        {
            await ProblemResponse.WriteAsync(context, await artifacts.WasHereAsync(id, context.RequestAborted)
                ? new(ProblemType.ImageGone, artifacts.Retention)
                : new(ProblemType.ImageNotFound, "There is no picture of this id."));
            return;
        }
        var (headers, format) = (context.Response.Headers, picture.Artifact.Format);
        headers.CacheControl = "private, max-age=3600, immutable";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers["Referrer-Policy"] = "no-referrer"; // the address is as good as a key
        headers.ContentDisposition = $"inline; filename=\"{id}.{PictureFormats.NameOf(format)}\"";
        await TypedResults.Stream(picture.Content, PictureFormats.MediaTypeOf(format), entityTag: new($"\"{picture.Artifact.Sha256}\""),
            enableRangeProcessing: true).ExecuteAsync(context);
    }
}
