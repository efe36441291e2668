using System.Diagnostics.Metrics;
using Darkroom.Server.Http;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Keys;

namespace Darkroom.Server.Security.Access;

/// <summary>
/// Finds out who calls and lets in who may. It stands behind routing, so that it asks the endpoint itself and not the address's spelling what it needs, and
/// before every endpoint, 404 and 405 among them: without a key a server with keys tells nothing but what is for everybody.
/// </summary>
internal sealed class KeyGate
{
    public const string MeterName = "Darkroom.Server.Access";

    private const string Missing = "This server asks for a key: send it as Authorization: Bearer KEY, or as X-API-Key: KEY.";
    private const string Wrong = "The key is not valid here: it is not known, has expired, or is disabled.";
    private const string TooMany = "Too many wrong keys came from this address.";

    private readonly RequestDelegate next;
    private readonly KeyRing keys;
    private readonly FailedAttempts attempts;
    private readonly IReadOnlyList<PathString> pages;
    private readonly Counter<long> refused;

    /// <param name="next">The rest of the way.</param>
    /// <param name="keys">Those that are taken.</param>
    /// <param name="attempts">Counts wrong keys.</param>
    /// <param name="meters">For counting refusals.</param>
    /// <param name="pages">Paths of the server's own pages, which hold nothing of anybody's.</param>
    public KeyGate(RequestDelegate next, KeyRing keys, FailedAttempts attempts, IMeterFactory meters, IReadOnlyList<PathString> pages)
    {
        (this.next, this.keys, this.attempts, this.pages) = (next, keys, attempts, pages);
        refused = meters.Create(MeterName).CreateCounter<long>("darkroom.access.refused", "{request}", "Requests without a key that could do what they ask.");
    }

    public async Task InvokeAsync(HttpContext context)
    {
        var address = CallerAddress.Of(context);
        if (await keys.IsOpenAsync(context.RequestAborted))
        {
            Caller.Set(context, Caller.OfOpenServer(address));
            await next(context);
            return;
        }
        var sent = SentKey.Of(context.Request.Headers);
        var key = sent is null ? null : await keys.FindAsync(sent, context.RequestAborted);
        var caller = key is null ? Caller.Unknown(address) : Caller.Of(key);
        Caller.Set(context, caller);
        if (Refusal(context, caller, hasSent: sent is not null, isKnown: key is not null) is { } refusal) await ProblemResponse.WriteAsync(context, refusal);
        else await next(context);
    }

    private Problem? Refusal(HttpContext context, Caller caller, bool hasSent, bool isKnown)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is null && pages.Any(page => context.Request.Path.StartsWithSegments(page))) return null;
        // Routing's own endpoints (405, 415) need no scope; one of ours that says nothing is for administrators.
        var access = endpoint?.Metadata.GetMetadata<AddressAccess>() ?? new(endpoint is RouteEndpoint ? KeyScope.Admin : KeyScope.None);
        if (access.Scope is not { } needed) return null;
        if (!isKnown) return Unauthorized(context, caller, hasSent);
        if (caller.Scopes.Allow(needed)) return null;
        Count("scope");
        var name = KeyScopes.NameOf(needed);
        context.Response.Headers.Append("WWW-Authenticate", $"Bearer realm=\"darkroom\", error=\"insufficient_scope\", scope=\"{name}\"");
        return new(ProblemType.ForbiddenScope, $"This needs a key with the scope {name}.");
    }

    private Problem Unauthorized(HttpContext context, Caller caller, bool hasSent)
    {
        Count(hasSent ? "wrong" : "missing");
        if (hasSent && attempts.Add(caller.Id) is { } wait)
            return new(ProblemType.TooManyAttempts, TooMany) { RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) };
        var headers = context.Response.Headers;
        headers.Append("WWW-Authenticate", hasSent ? "Bearer realm=\"darkroom\", error=\"invalid_token\"" : "Bearer realm=\"darkroom\"");
        // A browser would ask the person for a password, behind the back of the page's script that asked.
        if (context.Request.Headers["Sec-Fetch-Dest"] != "empty") headers.Append("WWW-Authenticate", "Basic realm=\"darkroom\", charset=\"UTF-8\"");
        return new(ProblemType.Unauthorized, hasSent ? Wrong : Missing);
    }

    private void Count(string reason) => refused.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
