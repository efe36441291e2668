namespace Darkroom.Server.Security.Keys;

/// <summary>The key of a server that never had one: made at its first start, so that nobody has to run a command before it.</summary>
internal static class FirstKey
{
    public const string Name = "first";

    /// <summary>Not <see cref="KeyScope.Admin"/>: it is shown where logs of containers are read.</summary>
    public const KeyScope Scopes = KeyScopes.Usual;

    /// <returns>Its text, which is kept nowhere; null where another process was faster.</returns>
    /// <exception cref="InvalidDataException">The store cannot be written; the message is a sentence.</exception>
    public static async Task<string?> MakeAsync(IKeyStore store, DateTimeOffset now)
    {
        var text = KeyText.New();
        return await store.AddAsync(new(KeyText.NewId(), Name, Scopes, KeyHash.Of(text), now), CancellationToken.None) ? text : null;
    }
}
