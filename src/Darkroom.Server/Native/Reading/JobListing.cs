using System.Globalization;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Reading;

/// <summary>The question of <c>GET /v1/jobs</c>, from its address.</summary>
internal static class JobListing
{
    public const int DefaultLimit = 20, MaxLimit = 100;

    public static readonly IReadOnlyList<string> States = [.. Enum.GetValues<JobState>().Select(WireNames.Of)];

    private static readonly string[] Known = ["status", "limit", "after"];

    /// <summary>The query, or the problem with every fault at once.</summary>
    public static (JobQuery? Query, Problem? Problem) Read(IQueryCollection given)
    {
        var faults = new FaultList();
        JobState? state = null;
        var limit = DefaultLimit;
        JobPlace? after = null;
        foreach (var name in given.Keys)
            if (!Known.Contains(name))
                faults.Add(new Fault(name, $"There is no such parameter.{Suggestion.Sentence(name, Known)}", null, string.Join(", ", Known)));
        if (Text("status") is { } status)
        {
            var index = States.ToList().IndexOf(status);
            if (index >= 0) state = (JobState)index;
            else
                faults.Add(new Fault("status", $"There is no such status.{Suggestion.Sentence(status, States)}",
                    GivenValue.Shorten(status), "one of: " + string.Join(", ", States)));
        }
        if (Text("limit") is { } count
            && !(int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit))
            faults.Add(new Fault("limit", $"limit must be 1…{MaxLimit}.", GivenValue.Shorten(count), $"1…{MaxLimit}"));
        if (Text("after") is { } place && (after = PlaceOf(place)) is null)
            faults.Add(new Fault("after", "after must be what the page before gave as next.", GivenValue.Shorten(place)));
        return faults.Count > 0 ? (null, FailureTable.Of(Refusal.Of(faults))) : (new(state, limit, after), null);

        string? Text(string name) => given.TryGetValue(name, out var values) ? values.ToString() : null;
    }

    /// <summary>A place in the list as text: a caller passes it back and need not read it.</summary>
    public static string TextOf(JobPlace place) => string.Create(CultureInfo.InvariantCulture, $"{place.CreatedAt.UtcTicks:x}.{place.Id}");

    private static JobPlace? PlaceOf(string text) =>
        text.Split('.', 2) is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var at) && at >= 0 && at <= DateTimeOffset.MaxValue.Ticks
            ? new(new(at, TimeSpan.Zero), id)
            : null;
}
