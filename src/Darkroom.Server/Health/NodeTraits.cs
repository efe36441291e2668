namespace Darkroom.Server.Health;

/// <summary>What a process does, as far as its readiness depends on it.</summary>
/// <param name="MakesPictures">Whether it has models; else it is ready with its stores, whatever those do that have.</param>
internal sealed record NodeTraits(bool MakesPictures);
