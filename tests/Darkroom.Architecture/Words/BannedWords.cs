using System.Text.RegularExpressions;

namespace Darkroom.Architecture.Words;

/// <summary>Words that a fluent engineer has to read twice. This is the one list of them.</summary>
internal static partial class BannedWords
{
    /// <summary>In comments, messages and documents.</summary>
    [GeneratedRegex(@"\b(?:anew|reckon(?:s|ed|ing)?|to and fro|whoever|of late|mended)\b", RegexOptions.IgnoreCase)]
    public static partial Regex InText();

    /// <summary>
    /// In names: metaphors where a term exists (results are applied, jobs are admitted), <c>Most</c>, <c>Least</c> and <c>Largest</c>
    /// where Max and Min are meant, and underscores before fields.
    /// </summary>
    [GeneratedRegex(
        @"(?<![a-z])(?:Landings?|Boarding|Settle[sd]?|Settling|Meets?|Knows?)(?![a-z])" +
        @"|^(?:Most|Least|Largest)(?=[A-Z])|^SaveNowAndThen$|^_(?=[a-z])")]
    public static partial Regex InNames();
}
