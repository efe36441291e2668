namespace Darkroom.Engine.Queue;

/// <summary>How long what callers made is kept, where that is another time than the server's own.</summary>
public interface IRetention
{
    /// <summary>Callers with a time of their own, as it is now.</summary>
    ValueTask<IReadOnlyDictionary<string, TimeSpan>> OwnAsync(CancellationToken cancellation);
}
