namespace Darkroom.Server.Native.Contracts;

/// <param name="Version">Of Darkroom.</param>
/// <param name="Commit">It was built from; absent where the build did not know.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="System">Operating system and processor.</param>
public sealed record VersionAnswer(string Name, string Version, string? Commit, string Runtime, string System);

/// <param name="Status"><c>ready</c>, <c>loading</c>, <c>draining</c> or <c>unavailable</c>.</param>
/// <param name="Model">The default model; absent where there is none.</param>
/// <param name="ModelState"><c>cold</c>, <c>loading</c>, <c>ready</c> or <c>failed</c>.</param>
/// <param name="Reason">Why the model failed, or which store cannot be used.</param>
public sealed record ReadinessAnswer(string Status, string? Model, string? ModelState, string? Reason)
{
    /// <summary>What an operator should know of; only where <c>verbose</c> is asked for.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }
}

public sealed record LivenessAnswer(string Status);

/// <summary>What stands at the root.</summary>
public sealed record WelcomeAnswer(string Name, string Documentation, string Openapi, string Generate, string Models);
