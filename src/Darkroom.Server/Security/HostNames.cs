using System.Net;

namespace Darkroom.Server.Security;

/// <summary>
/// Names that this server answers to: IP addresses, names of the loopback, and those of the settings. No name that anybody can register is among them
/// unasked, so a page whose own name was made to point here (DNS rebinding) is refused.
/// </summary>
/// <param name="named">Names as <c>pictures.example.org</c>, <c>*.example.org</c> for all below one, or <c>*</c> for all.</param>
internal sealed class HostNames(IReadOnlyList<string> named)
{
    private const string Any = "*", Below = "*.", Loopback = "localhost";

    /// <summary>Whether a text can stand in the settings.</summary>
    public static bool IsPattern(string text) =>
        text == Any || Uri.CheckHostName(text.StartsWith(Below, StringComparison.Ordinal) ? text[Below.Length..] : text) == UriHostNameType.Dns;

    /// <param name="host">Of a request, without its port.</param>
    public bool Has(string host)
    {
        if (IPAddress.TryParse(host, out _)) return true;
        return IsBelow(WithoutRoot(host), Loopback) || IsNamed(host);
    }

    /// <summary>Whether the settings name it.</summary>
    /// <param name="host">Without its port.</param>
    public bool IsNamed(string host) => named.Any(pattern => Matches(WithoutRoot(host), pattern));

    private static string WithoutRoot(string host) => host.EndsWith('.') ? host[..^1] : host; // its dot

    private static bool Matches(string name, string pattern) => pattern == Any
        || name.Equals(pattern, StringComparison.OrdinalIgnoreCase)
        || (pattern.StartsWith(Below, StringComparison.Ordinal) && name.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase));

    private static bool IsBelow(string name, string parent) =>
        name.Equals(parent, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + parent, StringComparison.OrdinalIgnoreCase);
}
