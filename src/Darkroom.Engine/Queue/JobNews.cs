using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;

namespace Darkroom.Engine.Queue;

/// <summary>One thing that a reader of a job is told: an event or a preview.</summary>
/// <param name="Mark">What a reader has seen with this one: where reading goes on.</param>
/// <param name="Event">What happened to the job; null for a preview.</param>
/// <param name="Preview">The preview; null for an event.</param>
public sealed record JobNews(JobMark Mark, JobEvent? Event, Preview? Preview);

/// <summary>How far a job was read: written as <c>version.preview</c>.</summary>
/// <param name="Version">Of the last event.</param>
/// <param name="Preview">Number of the last preview; 0: none.</param>
public readonly record struct JobMark(long Version, long Preview)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}.{Preview}");

    /// <returns>False for a text that is no mark.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobMark mark)
    {
        mark = default;
        string[] parts = text?.Split('.') ?? [];
        if (parts.Length is 0 or > 2 || !TryNumber(parts[0], out long version)) return false;
        long preview = 0;
        if (parts.Length == 2 && !TryNumber(parts[1], out preview)) return false;
        mark = new(version, preview);
        return true;
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
