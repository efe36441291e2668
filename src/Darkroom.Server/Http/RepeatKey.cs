using Darkroom.Engine.Queue;
using Darkroom.Server.Generation.Validation;
using Microsoft.OpenApi;

namespace Darkroom.Server.Http;

/// <summary>
/// <c>Idempotency-Key</c>: a caller's own name for a request, so that sending it again after a broken connection does not make a second job
/// (draft-ietf-httpapi-idempotency-key-header-07).
/// </summary>
internal static class RepeatKey
{
    public const string Header = "Idempotency-Key", Replayed = "Idempotent-Replayed";

    private const int MaxLength = 255;

    /// <summary>What is taken for a key.</summary>
    public static OpenApiSchema Values => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = MaxLength, Pattern = "^[!-~]{1,255}$" };

    /// <summary>The key with the hash of what is asked; null where none was sent, or it is a fault.</summary>
    /// <param name="headers">Of the request.</param>
    /// <param name="what">Which kind of request it is.</param>
    /// <param name="values">What it gives.</param>
    /// <param name="faults">What is wrong with it.</param>
    public static IdempotencyKey? Read(IHeaderDictionary headers, string what, FieldValues values, FaultList faults)
    {
        if (headers[Header] is not { Count: > 0 } sent) return null;
        if (sent is [{ Length: >= 1 and <= MaxLength } key] && key.All(static sign => sign is > ' ' and < (char)127))
            return new IdempotencyKey(key, RequestHash.Of(what, values));
        faults.Add(new Fault(Header, "The key must be visible ASCII characters without spaces, sent once.", null, $"1…{MaxLength} characters"));
        return null;
    }
}
