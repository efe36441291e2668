namespace Darkroom.Server.Native.Contracts;

/// <summary>How the queue stands.</summary>
/// <param name="Paused">Whether waiting jobs stay where they are.</param>
public sealed record QueueAnswer(bool Paused);
