using System.Globalization;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Reading;

/// <summary>The question of <c>GET /v1/usage</c>, from its address.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="Key">Id or name of a key, empty for callers without one; null: not said.</param>
internal sealed record UsageRange(DateOnly From, DateOnly To, string? Key)
{
    public const int DefaultDays = 30, MaxDays = 400;

    private const string Format = "yyyy-MM-dd";

    private static readonly string[] Known = ["from", "to", "key"];

    /// <summary>The range, or the problem with every fault at once.</summary>
    /// <param name="given">The address's query.</param>
    /// <param name="today">UTC.</param>
    public static (UsageRange? Range, Problem? Problem) Read(IQueryCollection given, DateOnly today)
    {
        var faults = new FaultList();
        foreach (var name in given.Keys)
            if (!Known.Contains(name))
                faults.Add(new Fault(name, $"There is no such parameter.{Suggestion.Sentence(name, Known)}", null, string.Join(", ", Known)));
        var to = Day("to") ?? today;
        var from = Day("from") ?? to.AddDays(-Math.Min(DefaultDays - 1, to.DayNumber));
        if (faults.Count == 0 && from > to)
            faults.Add(new Fault("from", "from must not be after to.", Text(from), $"at most {Text(to)}"));
        else if (faults.Count == 0 && to.DayNumber - from.DayNumber >= MaxDays)
            faults.Add(new Fault("from", $"from and to must be {MaxDays} days at most.", Text(from), $"at least {Text(to.AddDays(1 - MaxDays))}"));
        if (faults.Count > 0) return (null, FailureTable.Of(Refusal.Of(faults)));
        return (new(from, to, given.TryGetValue("key", out var key) ? key.ToString() : null), null);

        DateOnly? Day(string name)
        {
            if (!given.TryGetValue(name, out var values)) return null;
            var text = values.ToString();
            if (DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
            faults.Add(new Fault(name, $"{name} must be a date like 2026-11-29.", GivenValue.Shorten(text), Format));
            return null;
        }
    }

    private static string Text(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);
}
