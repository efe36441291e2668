using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Filters;
using Serilog.Formatting.Compact;

namespace Darkroom.Server.Logging;

/// <summary>
/// Serilog to the console: plain lines for a person, compact JSON where the output is no terminal. The <c>Serilog</c> section of the settings
/// can change levels and add sinks.
/// </summary>
internal static class LoggingSetup
{
    /// <summary>What the sources of Darkroom's own lines begin with.</summary>
    public const string Own = "Darkroom";

    private const string Line = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    public static IServiceCollection AddDarkroomLogging(this IServiceCollection services, IConfiguration configuration, LogFormat format, bool interactive)
    {
        var level = LogSwitch.Of(configuration);
        return services.AddSingleton(level).AddSingleton<LogAudit>().AddSerilog((provider, logger) =>
        {
            logger.MinimumLevel.Information().MinimumLevel.Override("Microsoft", LogEventLevel.Warning).MinimumLevel.Override("System", LogEventLevel.Warning);
            WriteToConsole(logger, format, interactive);
            logger.ReadFrom.Configuration(configuration);
            logger.MinimumLevel.Override(Own, level.Serilog).MinimumLevel.Override(LogAudit.Source, LogEventLevel.Information);
            foreach (var sink in provider.GetServices<ILogEventSink>()) logger.WriteTo.Sink(sink);

            // These tell whole addresses and quote broken requests, and a prompt may stand in one; our own request log replaces them. No setting turns them on.
            // Off, not filtered: this source also opens the scope that adds the address to every line.
            logger.MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LevelAlias.Off);
            logger.Filter.ByExcluding(Matching.FromSource("Microsoft.AspNetCore.Server.Kestrel.BadRequests"));
            logger.Filter.ByExcluding(Matching.FromSource("Microsoft.AspNetCore.Routing"));
            logger.Filter.ByExcluding(Matching.FromSource("Microsoft.AspNetCore.HostFiltering"));

            // A start that fails is told once, by the command.
            logger.Filter.ByExcluding(happened => happened.Properties.TryGetValue("EventId", out var id)
                && id.ToString().Contains("HostedServiceStartupFaulted", StringComparison.Ordinal));
        }, preserveStaticLogger: true); // Each host logs to its own sinks, however many a process holds.
    }

    // To standard error: standard output is for results.
    private static void WriteToConsole(LoggerConfiguration logger, LogFormat format, bool interactive)
    {
        if (format == LogFormat.Json || (format == LogFormat.Auto && !interactive))
            logger.WriteTo.Console(new RenderedCompactJsonFormatter(), standardErrorFromLevel: LogEventLevel.Verbose);
        else if (format != LogFormat.Off)
            logger.WriteTo.Console(outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose);
    }
}
