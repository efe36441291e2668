namespace Darkroom.Engine.Jobs;

/// <summary>A textual inversion that a text of a request names.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Hash">SHA-256 of its file, lower-case hex; null where it was not known when the job was accepted.</param>
public sealed record EmbeddingOrder(string Id, string? Hash = null);
