using Darkroom.Server.Configuration;
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
    private const string Line = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    public static IServiceCollection AddDarkroomLogging(this IServiceCollection services, IConfiguration configuration, DarkroomSettings settings, bool interactive) =>
        services.AddSerilog((provider, logger) =>
        {
            logger.MinimumLevel.Information().MinimumLevel.Override("Microsoft", LogEventLevel.Warning).MinimumLevel.Override("System", LogEventLevel.Warning);
            if (settings.LogFormat == LogFormat.Json || (settings.LogFormat == LogFormat.Auto && !interactive))
                logger.WriteTo.Console(new RenderedCompactJsonFormatter(), standardErrorFromLevel: LogEventLevel.Verbose);
            else logger.WriteTo.Console(outputTemplate: Line, formatProvider: System.Globalization.CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose);
            logger.ReadFrom.Configuration(configuration);
            foreach (var sink in provider.GetServices<ILogEventSink>()) logger.WriteTo.Sink(sink);

            // These tell whole addresses and quote broken requests, and a prompt may stand in one; our own request log replaces them. No setting turns them on.
            logger.Filter.ByExcluding(Matching.FromSource("Microsoft.AspNetCore.Hosting.Diagnostics"));
            logger.Filter.ByExcluding(Matching.FromSource("Microsoft.AspNetCore.Server.Kestrel.BadRequests"));
            logger.Filter.ByExcluding(Matching.FromSource("Microsoft.AspNetCore.Routing"));
            logger.Filter.ByExcluding(Matching.FromSource("Microsoft.AspNetCore.HostFiltering"));
        });
}
