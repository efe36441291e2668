namespace Darkroom.Engine.Queue;

/// <summary>Whether the engine still takes requests.</summary>
public sealed class EngineLifetime
{
    private volatile bool stopping;

    public bool IsStopping => stopping;

    public void Stop() => stopping = true;
}
