namespace Darkroom.Engine.Jobs;

/// <summary>Whom usage is counted for: a key. Callers without one are counted together, so that no address is kept for longer than its jobs.</summary>
public static class Account
{
    /// <summary>Callers with a key are called this and the key's id.</summary>
    public const string KeyPrefix = "key:";

    /// <summary>Of all callers without a key.</summary>
    public const string WithoutKey = "";

    public static string Of(string caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.StartsWith(KeyPrefix, StringComparison.Ordinal) ? caller : WithoutKey;
    }
}
