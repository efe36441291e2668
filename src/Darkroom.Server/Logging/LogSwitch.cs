using Serilog.Core;
using Serilog.Events;

namespace Darkroom.Server.Logging;

/// <summary>The lowest level of Darkroom's own lines that is logged; it can be changed while the server runs. Safe for any number of threads.</summary>
internal sealed class LogSwitch(LogEventLevel level)
{
    /// <summary>Names of the levels, from the most to the fewest lines.</summary>
    public static readonly IReadOnlyList<string> Levels = [.. Enum.GetNames<LogEventLevel>().Select(name => name.ToLowerInvariant())];

    /// <summary>What the logger heeds.</summary>
    public LoggingLevelSwitch Serilog { get; } = new(level);

    /// <summary>The level by its name.</summary>
    public string Level
    {
        get => Serilog.MinimumLevel.ToString().ToLowerInvariant();
        set => Serilog.MinimumLevel = Enum.Parse<LogEventLevel>(value, ignoreCase: true);
    }

    /// <summary>As the settings have it at the start.</summary>
    public static LogSwitch Of(IConfiguration configuration)
    {
        var section = configuration.GetSection("Serilog:MinimumLevel");
        var text = section["Override:" + LoggingSetup.Own] ?? section["Default"] ?? section.Value;
        return new(Enum.TryParse<LogEventLevel>(text, ignoreCase: true, out var level) ? level : LogEventLevel.Information);
    }
}
