namespace Darkroom.Server.Security;

/// <summary>What browsers are told of the server's own pages: they run no script but the server's, talk to nobody else, and stand in no frame.</summary>
internal static class PageRules
{
    // Swagger UI writes style attributes, and its icons are data: addresses.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // The playground's: it has no style but its files', writes nothing inline and posts no form.
    private const string StrictPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

    /// <summary>For pages of others that stand here.</summary>
    public static void Write(IHeaderDictionary headers) => Write(headers, Policy);

    /// <summary>For the server's own page.</summary>
    public static void WriteStrict(IHeaderDictionary headers) => Write(headers, StrictPolicy);

    private static void Write(IHeaderDictionary headers, string policy)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = policy;
        headers["Referrer-Policy"] = "no-referrer";
    }
}
