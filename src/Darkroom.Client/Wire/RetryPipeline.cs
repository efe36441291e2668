using System.Net;
using System.Security.Cryptography;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Darkroom.Client.Wire;

/// <summary>When a request is sent again, and after how long. Every request of this client may be: those that make a job carry a key.</summary>
internal static class RetryPipeline
{
    public static ResiliencePipeline Of(DarkroomClientOptions options)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider };
        if (options.MaxRetries > 0)
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } fault && MayPass(fault, options)),
                DelayGenerator = args => ValueTask.FromResult(args.Outcome.Exception is DarkroomException { RetryAfter: { } wait } ? Spread(wait) : null),
            });
        return builder.AddTimeout(options.Timeout).Build();
    }

    /// <summary>Whether another try may help, and within the time that the caller wants to wait.</summary>
    public static bool MayPass(Exception fault, DarkroomClientOptions options) => fault switch
    {
        DarkroomJobException => false,
        DarkroomException refusal => MayPass(refusal.Status, refusal.RetryAfter) && !(refusal.RetryAfter > options.MaxRetryDelay),
        _ => IsBroken(fault),
    };

    /// <summary>Whether a fault is the connection's, not the server's word.</summary>
    public static bool IsBroken(Exception fault) => fault
        is HttpRequestException { HttpRequestError: not (HttpRequestError.SecureConnectionError or HttpRequestError.UserAuthenticationError) }
        or IOException or TimeoutRejectedException or OperationCanceledException { InnerException: TimeoutException };

    // 507 has it where room is expected to be made.
    private static bool MayPass(HttpStatusCode status, TimeSpan? wait) => status
        is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
        or HttpStatusCode.GatewayTimeout || (status == HttpStatusCode.InsufficientStorage && wait is not null);

    /// <summary>A little later than was said: those who were told the same do not come back at once.</summary>
    private static TimeSpan? Spread(TimeSpan wait) => wait + TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)(wait.TotalMilliseconds / 5) + 50));
}
