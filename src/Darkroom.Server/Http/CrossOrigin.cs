using Darkroom.Server.Logging;
using Microsoft.Net.Http.Headers;

namespace Darkroom.Server.Http;

/// <summary>Which pages of other origins may use the server (CORS). Without any, none of its headers is sent.</summary>
internal static class CrossOrigin
{
    /// <summary>Stands for every origin.</summary>
    public const string Any = "*";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Patch, HttpMethods.Delete];

    private static readonly string[] RequestHeaders =
    [
        "authorization", "content-type", "prefer", "idempotency-key", "x-api-key", "last-event-id", "accept",
        // What OpenAI's client sends from a page, which a preflight asks for one by one.
        "openai-organization", "openai-project", "x-stainless-arch", "x-stainless-lang", "x-stainless-os", "x-stainless-package-version",
        "x-stainless-retry-count", "x-stainless-runtime", "x-stainless-runtime-version", "x-stainless-timeout",
    ];

    // A page sees of an answer's headers only these and the few that every page sees.
    private static readonly string[] AnswerHeaders =
        [HeaderNames.Location, HeaderNames.RetryAfter, JobIds.Header, "X-Seed", RequestIds.Header, HeaderNames.ContentLocation, "Idempotent-Replayed",
            "x-should-retry"];

    // Browsers ask again after this, or sooner.
    private static readonly TimeSpan PreflightKept = TimeSpan.FromMinutes(10);

    /// <summary>The origin as browsers send it; null where the text is none.</summary>
    public static string? OriginOf(string text) => text == Any ? Any
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? uri.GetLeftPart(UriPartial.Authority)
            : null;

    public static IServiceCollection AddCrossOrigin(this IServiceCollection services, IReadOnlyList<string> origins) => origins.Count == 0 ? services
        : services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. origins]).WithMethods(Methods).WithHeaders(RequestHeaders).WithExposedHeaders(AnswerHeaders).SetPreflightMaxAge(PreflightKept)));

    public static void UseCrossOrigin(this WebApplication app, IReadOnlyList<string> origins)
    {
        if (origins.Count > 0) app.UseCors();
    }
}
