using Darkroom.Engine.Queue;
using Darkroom.Server.Security.Keys;

namespace Darkroom.Server.Security.Access;

/// <summary>How long what a key's owner made is kept, where the key says so. A key that is gone leaves its jobs to the server's own time.</summary>
internal sealed class KeyRetention(IKeyStore keys) : IRetention
{
    public async ValueTask<IReadOnlyDictionary<string, TimeSpan>> OwnAsync(CancellationToken cancellation)
    {
        var own = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var key in await keys.ListAsync(cancellation))
            if (key.Limits.RetentionHours is { } hours) own[Caller.Of(key).Id] = TimeSpan.FromHours(hours);
        return own;
    }
}
