using Darkroom.Engine.Jobs;
using Darkroom.Server.Security.Keys;

namespace Darkroom.Server.Security.Access;

/// <summary>Who a request comes from: a key, or an address where keys are not asked for or none was sent.</summary>
/// <param name="Id">What their jobs are marked with: <c>key:</c> and the key's id, or the address. Never the key.</param>
/// <param name="Scopes">What they may do.</param>
/// <param name="SeesAll">Whether they see everybody's jobs and pictures, or their own.</param>
/// <param name="Limits">What they may take.</param>
internal sealed record Caller(string Id, KeyScope Scopes, bool SeesAll, CallerLimits Limits)
{
    private static readonly object Item = new();

    /// <summary>Anybody, on a server that asks for no keys.</summary>
    public static Caller OfOpenServer(string address) => new(address, KeyScopes.All, SeesAll: true, CallerLimits.None);

    /// <summary>Somebody without a key, where keys are asked for.</summary>
    public static Caller Unknown(string address) => new(address, KeyScope.None, SeesAll: false, CallerLimits.None);

    public static Caller Of(ApiKey key) => new(Account.KeyPrefix + key.Id, key.Scopes, key.Scopes.Allow(KeyScope.Admin), key.Limits);

    public static Caller Of(HttpContext context) =>
        context.Items[Item] as Caller ?? throw new InvalidOperationException("No caller was found out: the request did not pass the gate.");

    public static void Set(HttpContext context, Caller caller) => context.Items[Item] = caller;

    /// <summary>Whether they may see what a caller made.</summary>
    /// <param name="owner">The id of that one.</param>
    public bool MaySee(string owner) => SeesAll || owner == Id;
}
