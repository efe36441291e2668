namespace Darkroom.Server.Logging;

/// <summary>
/// What the server logs, each with an id that stays. Nothing here may carry text of a prompt. All of it stands in this class: where a project has several,
/// the generator writes them in another order in each build, and builds of the same sources differ.
/// </summary>
internal static partial class ServerEvents
{
    [LoggerMessage(1001, LogLevel.Information, "Darkroom {Version} listens on {Addresses}; models in {ModelsPath}")]
    public static partial void Listening(ILogger logger, string version, string addresses, string modelsPath);

    [LoggerMessage(1002, LogLevel.Information, "Draining: no new work, {Running} requests running")]
    public static partial void Draining(ILogger logger, int running);

    [LoggerMessage(1003, LogLevel.Warning, "Model {Model} cannot be used: {Reason}")]
    public static partial void ModelFault(ILogger logger, string model, string reason);

    [LoggerMessage(1010, LogLevel.Warning, "{Warning}")]
    public static partial void StartWarning(ILogger logger, string warning);

    [LoggerMessage(1011, LogLevel.Warning, "Everyone who reaches {Address} can use this server: it has no keys, and listens beyond this machine")]
    public static partial void OpenAddress(ILogger logger, string address);

    [LoggerMessage(1012, LogLevel.Debug, "{Open} file descriptors are in use, of {Limit}")]
    public static partial void DescriptorsInUse(ILogger logger, int open, long? limit);

    [LoggerMessage(1013, LogLevel.Error, "{Fault} Until then the keys that were read last stay in use, and every request needs one")]
    public static partial void KeysUnreadable(ILogger logger, string fault);

    [LoggerMessage(1014, LogLevel.Warning, "The supervisor that NOTIFY_SOCKET names was not told how the server stands: {Reason}")]
    public static partial void NoticeNotSent(ILogger logger, string reason);

    [LoggerMessage(1101, LogLevel.Information, "{Method} {Route} answered {Status} in {ElapsedMs:0.0} ms, request {RequestId}, job {JobId}")]
    public static partial void Answered(ILogger logger, string method, string route, int status, double elapsedMs, string requestId, string? jobId);

    [LoggerMessage(1102, LogLevel.Trace, "{Method} {Route} answered {Status} in {ElapsedMs:0.0} ms, request {RequestId}")]
    public static partial void ProbeAnswered(ILogger logger, string method, string route, int status, double elapsedMs, string requestId);

    [LoggerMessage(1103, LogLevel.Information, "{Method} {Route}: the caller left after {ElapsedMs:0.0} ms, request {RequestId}, job {JobId}")]
    public static partial void CallerLeft(ILogger logger, string method, string route, double elapsedMs, string requestId, string? jobId);

    [LoggerMessage(1104, LogLevel.Error, "Request {RequestId}, job {JobId}, failed: {Failure}")]
    public static partial void Unhandled(ILogger logger, string requestId, string? jobId, string failure);

    [LoggerMessage(1106, LogLevel.Warning, "Request {RequestId} was answered 503: {Reason}")]
    public static partial void StoreUnavailable(ILogger logger, string requestId, string reason);

    [LoggerMessage(1108, LogLevel.Warning, "Request {RequestId} was answered 503, there was no memory for it: {Shape}")]
    public static partial void NoMemory(ILogger logger, string requestId, string shape);

    [LoggerMessage(1107, LogLevel.Warning, "Request {RequestId} was answered 507: {Reason}")]
    public static partial void StoreFull(ILogger logger, string requestId, string reason);

    [LoggerMessage(1109, LogLevel.Information, "The log's level was {Before} and is {Level} now: {Caller} changed it, request {RequestId}")]
    public static partial void LogLevelChanged(ILogger logger, string before, string level, string caller, string requestId);

    [LoggerMessage(1105, LogLevel.Debug, "Request {RequestId} waits for job {JobId}")]
    public static partial void Waiting(ILogger logger, string requestId, string jobId);

    [LoggerMessage(1015, LogLevel.Information, "The models folder was changed: {Models} models and {Upscalers} upscalers are there now")]
    public static partial void ModelsChanged(ILogger logger, int models, int upscalers);

    [LoggerMessage(1016, LogLevel.Warning, "The models folder could not be looked through; it is tried again: {Failure}")]
    public static partial void ModelsUnread(ILogger logger, string failure);

    [LoggerMessage(1017, LogLevel.Information, "{Styles} styles were read from {Path}")]
    public static partial void StylesRead(ILogger logger, int styles, string path);

    [LoggerMessage(1018, LogLevel.Warning, "Styles in {Path}: {Fault} Until it can be read, those that were read last stay in use")]
    public static partial void StylesUnread(ILogger logger, string path, string fault);

    // Of webhooks ids, numbers and kinds of faults: never an address, which may hold a secret in its path, and never a signing secret.

    [LoggerMessage(1201, LogLevel.Information, "A secret that signs webhooks was made; it is kept in {Path}, and receivers need it")]
    public static partial void WebhookSecretMade(ILogger logger, string path);

    [LoggerMessage(1202, LogLevel.Information, "Webhook {Id} of job {JobId} was delivered at try {Try}")]
    public static partial void WebhookDelivered(ILogger logger, string id, string jobId, int @try);

    [LoggerMessage(1203, LogLevel.Warning, "Webhook {Id} of job {JobId} failed at try {Try} ({Reason}); the next one is in {Seconds:0} s")]
    public static partial void WebhookTryFailed(ILogger logger, string id, string jobId, int @try, string reason, double seconds);

    [LoggerMessage(1204, LogLevel.Error, "Webhook {Id} of job {JobId} is given up after try {Try} ({Reason})")]
    public static partial void WebhookGivenUp(ILogger logger, string id, string jobId, int @try, string reason);

    [LoggerMessage(1205, LogLevel.Error, "Webhook {Id} of job {JobId} could not be sent or written; it is tried again in a minute: {Failure}")]
    public static partial void WebhookBroke(ILogger logger, string id, string jobId, string failure);

    [LoggerMessage(1206, LogLevel.Error, "Webhooks that are due could not be looked up; it is tried again: {Failure}")]
    public static partial void OutboxFailed(ILogger logger, string failure);
}
