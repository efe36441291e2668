using Darkroom.Server.Security;
using Microsoft.Net.Http.Headers;

namespace Darkroom.Server.Playground;

/// <summary>The page at <c>/</c> with its files: a client of <c>/v1</c> like any other, with no address of its own behind it.</summary>
internal static class PlaygroundPage
{
    private const string Forever = "public, max-age=31536000, immutable", Revalidated = "no-cache";

    /// <param name="routes">Addresses of the server.</param>
    /// <param name="isOn">Whether there is a page.</param>
    /// <param name="welcome">What the root answers who asks for no page.</param>
    public static void Map(IEndpointRouteBuilder routes, bool isOn, RequestDelegate welcome)
    {
        if (!isOn)
        {
            routes.MapGet("/", welcome).ExcludeFromDescription();
            return;
        }
        routes.MapGet("/", (RequestDelegate)(context => RootAsync(context, welcome))).ExcludeFromDescription();
        routes.MapGet($"/{PageFiles.Folder}/{{hash}}/{{**name}}", (RequestDelegate)FileAsync).ExcludeFromDescription();
    }

    private static Task RootAsync(HttpContext context, RequestDelegate welcome)
    {
        context.Response.Headers.Vary = HeaderNames.Accept; // the other answer is not to be taken for this one
        return AsksForPage(context.Request) ? SendAsync(context, PageFiles.Own.Page, Revalidated) : welcome(context);
    }

    private static Task FileAsync(HttpContext context)
    {
        var values = context.Request.RouteValues;
        if (PageFiles.Own.All.TryGetValue((string?)values["name"] ?? "", out var file))
            // Another version's address: behind one name several versions may run for a while, and the newest files are the best there are.
            return SendAsync(context, file, (string?)values["hash"] == PageFiles.Own.Hash ? Forever : Revalidated);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>Browsers name HTML; programs that take anything get the JSON that they always got.</summary>
    private static bool AsksForPage(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var ranges)) return false;
        return QualityOf(ranges, "text/html") is > 0 and var html && html >= QualityOf(ranges, "application/json");
    }

    private static double QualityOf(IList<MediaTypeHeaderValue> ranges, string type) => ranges
        .Where(range => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(range => range.Quality ?? 1).DefaultIfEmpty(0).Max();

    private static async Task SendAsync(HttpContext context, PageFile file, string caching)
    {
        var (request, response) = (context.Request, context.Response);
        PageRules.WriteStrict(response.Headers);
        var (content, encoding) = Choose(file, request);
        string tag = $"\"{PageFiles.Own.Hash}{(encoding is null ? "" : "-" + encoding)}\"";
        response.Headers.ETag = tag;
        response.Headers.CacheControl = caching;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var held)
            && held.Any(one => one.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false) || one == EntityTagHeaderValue.Any))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        if (encoding is not null) response.Headers.ContentEncoding = encoding;
        response.ContentType = file.ContentType;
        response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(request.Method)) await response.Body.WriteAsync(content, context.RequestAborted);
    }

    private static (byte[] Content, string? Encoding) Choose(PageFile file, HttpRequest request)
    {
        if (StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var encodings))
        {
            if (Takes("br") && file.Brotli is { } brotli) return (brotli, "br");
            if (Takes("gzip") && file.Gzip is { } gzip) return (gzip, "gzip");
        }
        return (file.Content, null);

        bool Takes(string name) => encodings.Any(one => one.Value.Equals(name, StringComparison.OrdinalIgnoreCase) && one.Quality is not 0);
    }
}
