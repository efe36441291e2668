namespace Darkroom.Server.Logging;

/// <summary>Lines that tell who changed how the server runs. They are logged whatever level is set.</summary>
internal sealed class LogAudit(ILoggerFactory loggers)
{
    public const string Source = LoggingSetup.Own + ".Audit";

    private readonly ILogger log = loggers.CreateLogger(Source);

    /// <summary>Somebody changed the level.</summary>
    /// <param name="caller">A key's id or an address, never a key.</param>
    public void Changed(string before, string level, string caller, string requestId) => ServerEvents.LogLevelChanged(log, before, level, caller, requestId);
}
