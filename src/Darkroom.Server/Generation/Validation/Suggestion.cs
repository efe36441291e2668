namespace Darkroom.Server.Generation.Validation;

/// <summary>Which known name a mistyped one was meant to be.</summary>
internal static class Suggestion
{
    /// <summary>The nearest name, at most a third of its letters away; null for none.</summary>
    public static string? For(string given, IEnumerable<string> known)
    {
        // Longer than any name that exists: no need to measure it.
        if (given.Length > 64) return null;
        var nearest = known
            .Select(name => (Name: name, Distance: Distance(given.ToLowerInvariant(), name)))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault();
        return nearest.Name is { } best && nearest.Distance <= Math.Max(1, best.Length / 3) ? best : null;
    }

    public static string Sentence(string given, IEnumerable<string> known) => For(given, known) is { } name ? $" Did you mean '{name}'?" : "";

    /// <summary>Levenshtein's distance; separators cost nothing, so that <c>negativePrompt</c> and <c>cfg-scale</c> are near.</summary>
    private static int Distance(string from, string to)
    {
        from = from.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        to = to.Replace("_", "", StringComparison.Ordinal);
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replace = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
