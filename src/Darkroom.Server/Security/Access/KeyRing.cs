using Darkroom.Server.Security.Keys;

namespace Darkroom.Server.Security.Access;

/// <summary>All keys that this server takes: those of the store, and those of the settings.</summary>
/// <param name="store">Where keys are kept.</param>
/// <param name="ofSettings">Those of the settings.</param>
/// <param name="mayBeOpen">Whether the server is for everybody as long as there are no keys.</param>
/// <param name="time">Keys may expire.</param>
internal sealed class KeyRing(IKeyStore store, IReadOnlyList<ApiKey> ofSettings, bool mayBeOpen, TimeProvider time)
{
    private volatile bool hadKeys;

    /// <summary>
    /// Whether nobody needs a key. Once there were keys this process asks for them as long as it lives: that the last one is gone, or the file, may be a slip.
    /// </summary>
    public async ValueTask<bool> IsOpenAsync(CancellationToken cancellation)
    {
        if (!mayBeOpen || ofSettings.Count > 0 || hadKeys) return false;
        if (!await store.IsInUseAsync(cancellation)) return true;
        hadKeys = true;
        return false;
    }

    /// <summary>All keys, valid or not.</summary>
    public async ValueTask<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation)
    {
        var kept = await store.ListAsync(cancellation);
        return ofSettings.Count == 0 ? kept : [.. kept, .. ofSettings];
    }

    /// <summary>The key of this text; null where there is none, or it is not valid now.</summary>
    public async ValueTask<ApiKey?> FindAsync(string text, CancellationToken cancellation)
    {
        var hash = KeyHash.Of(text);
        var key = await store.FindAsync(hash, cancellation);
        foreach (var own in ofSettings)
            if (own.Hash.Matches(hash)) key = own;
        return key?.IsValidAt(time.GetUtcNow()) == true ? key : null;
    }
}
