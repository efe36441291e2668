using System.Text.RegularExpressions;

namespace Darkroom.Server.Security.Keys;

/// <summary>A key, without its text.</summary>
/// <param name="Id">Random; what jobs are marked with. It is no secret.</param>
/// <param name="Name">What people call it; unique.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Hash">Of its text.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed partial record ApiKey(string Id, string Name, KeyScope Scopes, KeyHash Hash, DateTimeOffset CreatedAt)
{
    /// <summary>When it ends; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>It is refused, and its name stays taken.</summary>
    public bool Disabled { get; init; }

    public CallerLimits Limits { get; init; } = CallerLimits.None;

    public bool IsValidAt(DateTimeOffset now) => !Disabled && !(ExpiresAt <= now);

    /// <summary>Whether a key may be called so.</summary>
    public static bool IsName(string text) => Names().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Names();
}

/// <summary>What one caller may take, where that is less than what the server gives to anybody; null: nothing less.</summary>
/// <param name="MaxQueued">Jobs that wait at a time.</param>
/// <param name="MaxMegapixelSteps">
/// Work of what waits and runs at a time: width times height in units of 1024 x 1024, times steps, times pictures, twice with guidance.
/// </param>
/// <param name="RetentionHours">How long what finished is kept.</param>
internal sealed record CallerLimits(int? MaxQueued = null, double? MaxMegapixelSteps = null, double? RetentionHours = null)
{
    public static readonly CallerLimits None = new();
}
