namespace Darkroom.Server.Webhooks;

/// <summary>
/// What is logged of webhooks: ids, numbers and kinds of faults. Never an address, which may hold a secret in its path, and never a signing secret.
/// </summary>
internal static partial class WebhookLog
{
    [LoggerMessage(1201, LogLevel.Information, "A secret that signs webhooks was made; it is kept in {Path}, and receivers need it")]
    public static partial void SecretMade(ILogger logger, string path);

    [LoggerMessage(1202, LogLevel.Information, "Webhook {Id} of job {JobId} was delivered at try {Try}")]
    public static partial void Delivered(ILogger logger, string id, string jobId, int @try);

    [LoggerMessage(1203, LogLevel.Warning, "Webhook {Id} of job {JobId} failed at try {Try} ({Reason}); the next one is in {Seconds:0} s")]
    public static partial void TryFailed(ILogger logger, string id, string jobId, int @try, string reason, double seconds);

    [LoggerMessage(1204, LogLevel.Error, "Webhook {Id} of job {JobId} is given up after try {Try} ({Reason})")]
    public static partial void GivenUp(ILogger logger, string id, string jobId, int @try, string reason);

    [LoggerMessage(1205, LogLevel.Error, "Webhook {Id} of job {JobId} could not be sent or written; it is tried again in a minute: {Failure}")]
    public static partial void DeliveryBroke(ILogger logger, string id, string jobId, string failure);

    [LoggerMessage(1206, LogLevel.Error, "Webhooks that are due could not be looked up; it is tried again: {Failure}")]
    public static partial void OutboxFailed(ILogger logger, string failure);
}
