namespace Darkroom.Server.Generation;

/// <summary>What is logged of jobs, whatever surface they came by. Nothing here may carry text of a prompt.</summary>
internal static partial class GenerationEvents
{
    [LoggerMessage(1002, LogLevel.Information, "Draining: no new work, {Running} requests running")]
    public static partial void Draining(ILogger logger, int running);
}
