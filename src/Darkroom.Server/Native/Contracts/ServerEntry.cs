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

    /// <summary>What readiness looks at, each by itself; only where <c>verbose</c> is asked for.</summary>
    public IReadOnlyList<ReadinessCheck>? Checks { get; init; }
}

/// <param name="Name"><c>draining</c>, <c>jobs</c> and <c>pictures</c> (stores beyond this machine), <c>disk</c>, <c>devices</c> or <c>model</c>.</param>
/// <param name="Ok">Whether nothing is wrong with it. Not all that can be wrong keeps the server from being ready.</param>
/// <param name="Detail">What is wrong; absent where nothing is.</param>
public sealed record ReadinessCheck(string Name, bool Ok, string? Detail);

public sealed record LivenessAnswer(string Status);

/// <summary>What stands at the root.</summary>
public sealed record WelcomeAnswer(string Name, string Documentation, string Openapi, string Generate, string Models);
