namespace Darkroom.Client.Operation;

/// <summary>How the queue stands.</summary>
/// <param name="Paused">Whether waiting jobs stay where they are.</param>
public sealed record QueueState(bool Paused);
