namespace Darkroom.Engine.Jobs;

/// <summary>An autoencoder in the place of the model's own.</summary>
/// <param name="Id">Of the autoencoder.</param>
/// <param name="Hash">SHA-256 of its files, lower-case hex; null where it was not known when the job was accepted.</param>
public sealed record VaeOrder(string Id, string? Hash = null);
