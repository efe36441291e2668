using System.Globalization;
using System.Net.Http.Headers;
using Darkroom.Server.Generation;

namespace Darkroom.Server.Native.Reading;

/// <summary>
/// What a caller prefers, as RFC 7240 has it: of a preference that is given twice the first counts, and one that is unknown, or whose value makes no
/// sense, counts as not given.
/// </summary>
/// <param name="RespondAsync">Answer 202 at once, or when <paramref name="Wait"/> is over; the job does not depend on the connection.</param>
/// <param name="Wait">How long the caller wants to wait for the answer; null: not said.</param>
internal sealed record Prefer(bool RespondAsync, TimeSpan? Wait)
{
    public const string Header = "Prefer", AppliedHeader = "Preference-Applied";

    /// <summary>Characters of the header that are more than anybody needs: what is longer is the listener's to refuse.</summary>
    public const int MaxLength = 8192;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The same for the core. A caller who wants no answer but the job's address, or says that it may go on, does not cancel it by leaving.</summary>
    public Waiting Waiting => Wait is { } time ? Waiting.AtMost(time, cancelsOnLeave: !RespondAsync) : RespondAsync ? Waiting.None : Waiting.UntilFinished;

    public static Prefer Of(IHeaderDictionary headers)
    {
        var given = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in headers[Header])
            foreach (var element in Elements(line ?? ""))
                if (NameValueWithParametersHeaderValue.TryParse(element, out var preference))
                    given.TryAdd(preference.Name, Unquoted(preference.Value));
        return new(given.TryGetValue("respond-async", out var value) && value.Length == 0, given.TryGetValue("wait", out var wait) ? Seconds(wait) : null);
    }

    /// <summary>What of it was heeded, for <c>Preference-Applied</c>; null: nothing.</summary>
    /// <param name="accepted">Whether the answer is a 202.</param>
    public string? Applied(bool accepted)
    {
        var wait = Wait is { } time ? string.Create(CultureInfo.InvariantCulture, $"wait={time.TotalSeconds:0}") : null;
        return (accepted && RespondAsync, wait) switch
        {
            (true, null) => "respond-async",
            (true, _) => $"respond-async, {wait}",
            _ => wait,
        };
    }

    // delta-seconds: digits alone, however many.
    private static TimeSpan? Seconds(string text) => text.Length == 0 || !text.All(char.IsAsciiDigit) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < Longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
        : Longest;

    private static string Unquoted(string? value) => value is ['"', .. var inner, '"'] ? inner.Replace("\\", "", StringComparison.Ordinal) : value ?? "";

    /// <summary>Cuts at commas that do not stand in quotes.</summary>
    private static IEnumerable<string> Elements(string line)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\' && quoted) i++;
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                yield return line[start..i].Trim();
                start = i + 1;
            }
        }
        yield return line[start..].Trim();
    }
}
