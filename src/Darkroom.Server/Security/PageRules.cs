namespace Darkroom.Server.Security;

/// <summary>What browsers are told of the server's own pages: they run no script but the server's, talk to nobody else, and stand in no frame.</summary>
internal static class PageRules
{
    // Swagger UI writes style attributes, and its icons are data: addresses.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void Write(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
    }
}
