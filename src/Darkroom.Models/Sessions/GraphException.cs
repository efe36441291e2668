namespace Darkroom.Models.Sessions;

/// <summary>A graph that cannot be used as this part of a model, in plain words.</summary>
public sealed class GraphException(string message, Exception? inner = null) : Exception(message, inner);
