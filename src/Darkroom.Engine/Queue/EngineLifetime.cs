namespace Darkroom.Engine.Queue;

/// <summary>Whether the engine still takes requests, and what it has lost.</summary>
public sealed class EngineLifetime : IDisposable
{
    private readonly CancellationTokenSource failed = new();
    private volatile bool stopping;
    private volatile string? loss;

    public bool IsStopping => stopping;

    /// <summary>Why a device was given up, the last of them; null: none was.</summary>
    public string? Loss => loss;

    /// <summary>Fires when no device is left: the process is of no more use.</summary>
    public CancellationToken Failed => failed.Token;

    public void Stop() => stopping = true;

    public void Dispose() => failed.Dispose();

    /// <param name="reason">A sentence for the operator.</param>
    /// <param name="isLast">Whether no other is left.</param>
    internal void LoseDevice(string reason, bool isLast)
    {
        loss = reason;
        if (!isLast) return;
        Stop();
        failed.Cancel();
    }
}
