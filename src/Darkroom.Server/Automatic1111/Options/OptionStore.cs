namespace Darkroom.Server.Automatic1111.Options;

/// <summary>
/// The options of every caller that set any, in this process's memory: nobody's setting changes another one's pictures. Where more callers set options than
/// are kept, the one that set its own longest ago gets the defaults back. Any thread may ask.
/// </summary>
internal sealed class OptionStore
{
    public const int MaxCallers = 10_000;

    private readonly OrderedDictionary<string, A1111Options> callers = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>What is in force for a caller.</summary>
    /// <param name="caller">Its id.</param>
    public A1111Options Of(string caller)
    {
        lock (gate) return callers.GetValueOrDefault(caller, A1111Options.Default);
    }

    /// <summary>Puts a caller's options in the place of those that were in force when they were made.</summary>
    /// <param name="caller">Its id.</param>
    /// <param name="before">What <see cref="Of"/> gave.</param>
    /// <param name="options">The new ones.</param>
    /// <returns>False: another request of the caller's was first, and nothing changed.</returns>
    public bool TryReplace(string caller, A1111Options before, A1111Options options)
    {
        lock (gate)
        {
            if (callers.GetValueOrDefault(caller, A1111Options.Default) != before) return false;
            callers.Remove(caller);
            if (options == A1111Options.Default) return true;
            if (callers.Count == MaxCallers) callers.RemoveAt(0);
            callers.Add(caller, options);
            return true;
        }
    }
}
