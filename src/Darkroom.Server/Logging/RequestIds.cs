using System.Security.Cryptography;

namespace Darkroom.Server.Logging;

/// <summary>Gives each request its id: the caller's <c>X-Request-Id</c> where that is sane, else a random one. Every answer carries it.</summary>
internal sealed class RequestIds(RequestDelegate next)
{
    public const string Header = "X-Request-Id";
    private const int Longest = 64;

    public Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[Header];
        var id = given is [{ } one] && IsSane(one) ? one : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        context.TraceIdentifier = id;
        context.Response.Headers[Header] = id;
        return next(context);
    }

    private static bool IsSane(string id) =>
        id.Length is > 0 and <= Longest && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
