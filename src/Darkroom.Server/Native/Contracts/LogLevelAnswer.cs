using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>What Darkroom logs.</summary>
/// <param name="Level">The lowest that is logged: <c>verbose</c>, <c>debug</c>, <c>information</c>, <c>warning</c>, <c>error</c> or <c>fatal</c>.</param>
public sealed record LogLevelAnswer([property: WireName("LogLevel")] string Level);
