using System.Net;
using Amazon.Runtime;
using Darkroom.Engine.Queue;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Darkroom.Storage.S3;

/// <summary>What goes wrong with an object store: whether it may go by itself, and as sentences for the operator.</summary>
internal sealed class S3Faults(S3Options options)
{
    // Of Amazon's own: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; the rest are MinIO's and Ceph's.
    private static readonly string[]
        Full = ["QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage", "InsufficientCapacity"],
        Refusals = ["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "Forbidden", "AuthorizationHeaderMalformed", "InvalidToken", "ExpiredToken"],
        Busy = ["SlowDown", "RequestTimeout", "Throttling", "ThrottlingException"];

    private readonly string where = "The object store ("
        + (options.Endpoint is { } endpoint ? $"Darkroom:S3:Endpoint {endpoint}" : $"Amazon S3 in {options.Region}")
        + $", Darkroom:S3:Bucket {options.Bucket})";

    /// <summary>Whether the store has no room left.</summary>
    public static bool IsFull(Exception failure) => failure is AmazonServiceException service
        && (service.StatusCode == HttpStatusCode.InsufficientStorage || Full.Contains(service.ErrorCode));

    /// <summary>Whether the bucket is not there.</summary>
    public static bool IsBucketMissing(Exception failure) => failure is AmazonServiceException { ErrorCode: "NoSuchBucket" };

    /// <summary>Whether the store says that it does not have the object. Another web server's 404 says nothing of objects.</summary>
    public static bool IsMissing(Exception failure) => failure is AmazonServiceException { ErrorCode: "NoSuchKey" };

    /// <summary>Whether another try may do better: nothing was answered, the answer broke off, or it says that the store cannot now.</summary>
    public static bool IsTransient(Exception failure) => failure switch
    {
        OperationCanceledException => false, // the caller's own, or the timeout's, which is told by another exception
        AmazonServiceException service when service.StatusCode != 0 =>
            !IsFull(service) && ((int)service.StatusCode >= 500 || service.StatusCode == HttpStatusCode.TooManyRequests || Busy.Contains(service.ErrorCode)),
        _ => !IsWithoutKeys(failure),
    };

    /// <summary>What an operation that failed in the end tells.</summary>
    public StoreException Of(Exception failure) => IsFull(failure)
        ? new($"{where} has no room left.", StoreFault.Full, failure)
        : new($"{where} {What(failure)}", StoreFault.Unavailable, failure);

    private static string What(Exception failure) => failure switch
    {
        BrokenCircuitException => "failed too often in a row, and is not asked for a moment.",
        TimeoutRejectedException => "does not answer in time.",
        AmazonServiceException { ErrorCode: "RequestTimeTooSkewed" } => "finds the clock of this machine wrong.",
        AmazonServiceException service when
            Refusals.Contains(service.ErrorCode) || service.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized =>
            $"refuses the keys (Darkroom:S3:AccessKey and SecretKey), or they may not do this: {service.ErrorCode}.",
        AmazonServiceException service when IsBucketMissing(service) => "does not have the bucket, and could not make it.",
        AmazonServiceException service when service.StatusCode != 0 => $"answered {(int)service.StatusCode} {service.ErrorCode}.",
        _ when IsWithoutKeys(failure) => "was not asked: there are no keys. Set Darkroom:S3:AccessKey and SecretKey, or give the environment Amazon's.",
        _ => $"cannot be reached: {Innermost(failure).Message.TrimEnd('.')}.",
    };

    /// <summary>Whether there was nothing to sign with.</summary>
    private static bool IsWithoutKeys(Exception failure) => failure is AmazonClientException;

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner) failure = inner;
        return failure;
    }
}
