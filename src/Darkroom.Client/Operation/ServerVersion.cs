namespace Darkroom.Client.Operation;

/// <summary>What runs there.</summary>
/// <param name="Name"><c>Darkroom</c></param>
/// <param name="Version">Of Darkroom.</param>
/// <param name="Commit">It was built from; null where the build did not know.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="System">Operating system and processor.</param>
public sealed record ServerVersion(string Name, string Version, string? Commit, string Runtime, string System);
