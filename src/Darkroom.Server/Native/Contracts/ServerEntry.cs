using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>What runs here.</summary>
/// <param name="Name"><c>Darkroom</c></param>
/// <param name="Version">Of Darkroom.</param>
/// <param name="Commit">It was built from; absent where the build did not know.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="System">Operating system and processor.</param>
public sealed record VersionAnswer(string Name, string Version, string? Commit, string Runtime, string System);

/// <summary>Whether it is worth sending the server work.</summary>
/// <param name="Status">Whether it is.</param>
/// <param name="Model">The default model; absent where there is none.</param>
/// <param name="ModelState">Its state; absent where there is none, or where this process makes no pictures.</param>
/// <param name="Reason">Why the model failed, or which store cannot be used; absent where nothing is wrong.</param>
public sealed record ReadinessAnswer(
    [property: WireName("ReadinessStatus")] string Status, string? Model, [property: WireName("ModelState")] string? ModelState, string? Reason)
{
    /// <summary>What an operator should know of; only where <c>verbose</c> is asked for.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>What readiness looks at, each by itself; only where <c>verbose</c> is asked for.</summary>
    public IReadOnlyList<ReadinessCheck>? Checks { get; init; }
}

/// <summary>One thing that readiness looks at.</summary>
/// <param name="Name"><c>draining</c>, <c>jobs</c> and <c>pictures</c> (stores beyond this machine), <c>disk</c>, <c>devices</c> or <c>model</c>.</param>
/// <param name="Ok">Whether nothing is wrong with it. Not all that can be wrong keeps the server from being ready.</param>
/// <param name="Detail">What is wrong; absent where nothing is.</param>
public sealed record ReadinessCheck([property: WireName("ReadinessName")] string Name, bool Ok, string? Detail);

/// <summary>The process answers.</summary>
/// <param name="Status"><c>live</c></param>
public sealed record LivenessAnswer([property: WireValue("live")] string Status);

/// <summary>What stands at the root.</summary>
public sealed record WelcomeAnswer(string Name, string Documentation, string Openapi, string Generate, string Models);
