using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Darkroom.TestKit.Chaos;

/// <summary>An HTTP answer, read to its end, and what it means for an order.</summary>
internal sealed record ChaosAnswer(HttpStatusCode Status, string MediaType, bool HasRetryAfter, byte[] Bytes)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Bytes);

    public static async Task<ChaosAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using (response)
            return new(response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", response.Headers.RetryAfter is not null,
                await response.Content.ReadAsByteArrayAsync(cancellation));
    }

    public ChaosEnd End()
    {
        if (MediaType.StartsWith("image/", StringComparison.Ordinal) && Status == HttpStatusCode.OK)
            return new(Expectation.Succeeded, [Hash(Bytes)]);
        if (Status == HttpStatusCode.OK) return Succeeded(Json);
        if (MediaType != "application/problem+json") return new($"{(int)Status} {MediaType}", Detail: Text());
        var end = OfProblem(Json);
        return Status == HttpStatusCode.ServiceUnavailable && !HasRetryAfter ? end with { End = end.End + " without Retry-After" } : end;
    }

    /// <summary>Of a job, or of the final event of one.</summary>
    public static ChaosEnd OfJob(JsonElement job) => job.TryGetProperty("problem", out var problem) && problem.ValueKind == JsonValueKind.Object
        ? OfProblem(problem) : Succeeded(job);

    public static ChaosEnd OfProblem(JsonElement problem) => new(
        $"{problem.GetProperty("status").GetInt32()} {problem.GetProperty("type").GetString()!.Split('/')[^1]}", Detail: problem.ToString());

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static ChaosEnd Succeeded(JsonElement answer)
    {
        var hashes = new List<string>();
        foreach (var image in answer.GetProperty("images").EnumerateArray())
        {
            string said = image.GetProperty("sha256").GetString()!;
            if (image.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.String && Hash(data.GetBytesFromBase64()) != said)
                return new("200 with other bytes than its hash");
            hashes.Add(said);
        }
        return hashes.Count > 0 ? new(Expectation.Succeeded, hashes) : new("200 without a picture");
    }

    private string Text() => Encoding.UTF8.GetString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 500)));
}
