namespace Darkroom.Models.Pool;

/// <summary>
/// A model or upscaler that somebody works with. Where its files are changed meanwhile it stays what it was, for as long as it is used.
/// </summary>
/// <param name="loaded">It, loading or loaded.</param>
/// <param name="end">Called once, when the use ends.</param>
public sealed class PoolUse<T>(Task<T> loaded, Action end) : IDisposable
{
    private Action? end = end;

    public Task<T> Loaded { get; } = loaded;

    public void Dispose() => Interlocked.Exchange(ref end, null)?.Invoke();
}
