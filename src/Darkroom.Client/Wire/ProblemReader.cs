using System.Net.Http.Headers;
using System.Text.Json;

namespace Darkroom.Client.Wire;

/// <summary>From an answer that is none to what it says.</summary>
internal static class ProblemReader
{
    private const int MaxText = 500;

    public static async Task<DarkroomException> ReadAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        var after = Wait(response.Headers.RetryAfter, time);
        var text = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json" && Parse(text) is { } problem)
            return new(problem with { Status = status }, after);
        return new(new DarkroomProblem { Status = status, Title = response.ReasonPhrase, Detail = Describe(status, response, text) }, after);
    }

    private static DarkroomProblem? Parse(byte[] text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ClientJson.Default.DarkroomProblem);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Something between the two answered, or the address is not a Darkroom's.
    private static string Describe(int status, HttpResponseMessage response, byte[] text)
    {
        var said = response.Content.Headers.ContentType?.MediaType is "text/plain" or "application/json"
            ? System.Text.Encoding.UTF8.GetString(text.AsSpan(0, Math.Min(text.Length, MaxText))).Trim() : "";
        var head = $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} was answered {status} {response.ReasonPhrase}".TrimEnd();
        return said.Length == 0 ? head + "." : $"{head}: {said}";
    }

    private static TimeSpan? Wait(RetryConditionHeaderValue? header, TimeProvider time)
    {
        if (header?.Delta is { } delta) return delta;
        if (header?.Date is not { } date) return null;
        var left = date - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
