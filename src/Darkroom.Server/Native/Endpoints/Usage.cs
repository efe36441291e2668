using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Answers;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;
using Darkroom.Server.Security.Keys;
using Microsoft.AspNetCore.Mvc;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/usage</c>: what keys used, by day.</summary>
internal static class Usage
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/usage", ListAsync).WithTags("Operation").WithName("getUsage")
        .WithSummary("What the key used, by day; with the scope admin what every key used.")
        .WithDescription("It is kept for 400 days, for longer than jobs.")
        .TakesQuery("from", $"The first day, UTC, like 2026-11-01; {UsageRange.DefaultDays} days with the last one where absent.", Values.Date)
        .TakesQuery("to", $"The last day, UTC; today where absent. A range has {UsageRange.MaxDays} days at most.", Values.Date)
        .TakesQuery("key", "Only this key, by its id or name; empty: callers without a key. Another's is for the scope admin.", Values.Text(256))
        .Answers<UsageAnswer>().Fails(ProblemType.InvalidRequest);

    private static async Task ListAsync(HttpContext context, [FromServices] IUsageBook book, KeyRing keys, TimeProvider time)
    {
        var (range, problem) = UsageRange.Read(context.Request.Query, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        if (range is null)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }
        var known = await keys.ListAsync(context.RequestAborted);
        var caller = Caller.Of(context);
        string? asked = range.Key is { } key ? AccountOf(key, known) : null;
        if (!caller.SeesAll && asked is not null && asked != Account.Of(caller.Id))
        {
            await ProblemResponse.WriteAsync(context, new(ProblemType.ForbiddenScope, "What another key used is for keys with the scope admin."));
            return;
        }
        var query = new UsageQuery(range.From, range.To, caller.SeesAll ? asked : Account.Of(caller.Id));
        var entries = await book.UsageAsync(query, context.RequestAborted);
        // A key of the settings may be called what one of the store is.
        var names = known.DistinctBy(one => one.Id).ToDictionary(one => one.Id, one => one.Name, StringComparer.Ordinal);
        await JsonResponse.WriteAsync(context, UsageAnswers.Of(entries, query, names), WireJson.Wire.UsageAnswer);
    }

    /// <summary>What is no key's name is taken for an id: that of a key that is gone, perhaps.</summary>
    private static string AccountOf(string key, IReadOnlyList<ApiKey> known)
    {
        if (key.Length == 0) return Account.WithoutKey;
        var found = known.FirstOrDefault(one => one.Id == key) ?? known.FirstOrDefault(one => one.Name == key);
        return Account.KeyPrefix + (found?.Id ?? key);
    }
}
