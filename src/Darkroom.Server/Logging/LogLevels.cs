using Serilog.Events;

namespace Darkroom.Server.Logging;

/// <summary>Levels in the <c>Serilog</c> section of the settings.</summary>
internal static class LogLevels
{
    private const string Section = "Serilog", Minimum = "MinimumLevel", Switch = "ControlledBy", OfSink = "restrictedToMinimumLevel";

    /// <summary>Those that are none, a sentence each.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration) =>
        from entry in configuration.GetSection(Section).AsEnumerable(makePathsRelative: true)
        where entry.Value is { Length: > 0 } && IsLevel(entry.Key) && !entry.Value.StartsWith('$') // $ names a switch
            && !Enum.GetNames<LogEventLevel>().Contains(entry.Value, StringComparer.OrdinalIgnoreCase)
        select $"{Section}:{entry.Key} is '{entry.Value}', and must be one of: {string.Join(", ", Enum.GetNames<LogEventLevel>()).ToLowerInvariant()}.";

    private static bool IsLevel(string key)
    {
        var parts = key.Split(':');
        return (parts[0].Equals(Minimum, StringComparison.OrdinalIgnoreCase) && !parts[^1].Equals(Switch, StringComparison.OrdinalIgnoreCase))
            || parts[^1].Equals(OfSink, StringComparison.OrdinalIgnoreCase);
    }
}
