using System.Net;

namespace Darkroom.Server.Security.Outbound;

/// <summary>
/// Which addresses of others this server may call. It says so of the spelling first, and of what a name stands for when a connection is made.
/// </summary>
/// <param name="Public">Whether every https address of the internet may be called, on port 443.</param>
/// <param name="Patterns">Receivers that are named, beside those.</param>
internal sealed record OutboundRule(bool Public, IReadOnlyList<OutboundPattern> Patterns)
{
    public const string Usage = "must be none, public, or receivers such as hooks.example.org, *.example.org, hooks.internal:8443 or http://10.0.0.5:9000 "
        + "with commas between";

    private const string NoneName = "none", PublicName = "public", Localhost = "localhost";

    public static readonly OutboundRule None = new(false, []);

    /// <summary>Whether nothing may be called.</summary>
    public bool IsNone => !Public && Patterns.Count == 0;

    /// <returns>Null for a text that is no rule.</returns>
    public static OutboundRule? Parse(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts is [var alone] && alone.Equals(NoneName, StringComparison.OrdinalIgnoreCase)) return None;
        var named = parts.Where(part => !part.Equals(PublicName, StringComparison.OrdinalIgnoreCase)).ToList();
        var patterns = named.Select(OutboundPattern.Parse).OfType<OutboundPattern>().ToList();
        bool isWrong = patterns.Count != named.Count || named.Contains(NoneName, StringComparer.OrdinalIgnoreCase);
        return isWrong ? null : new(named.Count < parts.Length, patterns);
    }

    /// <summary>An address as a caller wrote it, where it may be called as far as its spelling tells. No name is looked up.</summary>
    public Uri? Find(string text) => OutboundUrl.Read(text) is { } url && (IsNamed(url) || (Public && IsPublic(url))) ? url : null;

    /// <summary>Whether a connection for a URL may be made to an address that its host stands for now.</summary>
    public bool MayConnect(Uri url, IPAddress address)
    {
        if (!IsNamed(url)) return Public && IsPublic(url) && AddressKinds.IsGlobal(address);

        // Who names a receiver may mean one of his own networks; this machine and its link only where he says just that.
        return AddressKinds.IsGlobal(address) || AddressKinds.IsPrivate(address) || address.Equals(OutboundUrl.LiteralOf(url))
            || (IPAddress.IsLoopback(address) && url.IdnHost.Equals(Localhost, StringComparison.OrdinalIgnoreCase));
    }

    private bool IsNamed(Uri url) => Patterns.Any(pattern => pattern.Matches(url));

    private static bool IsPublic(Uri url) => url.Scheme == Uri.UriSchemeHttps && url.Port == 443
        && (OutboundUrl.LiteralOf(url) is { } literal ? AddressKinds.IsGlobal(literal) : url.IdnHost.Contains('.'));
}
