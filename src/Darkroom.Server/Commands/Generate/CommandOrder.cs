using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;

namespace Darkroom.Server.Commands.Generate;

/// <summary>What a command line asks for, the same with and without a server.</summary>
/// <param name="Task">What is done.</param>
/// <param name="Fields">Of the request, by their names on the wire.</param>
/// <param name="Pictures">Files that go with it, by the names of their fields.</param>
internal sealed record CommandOrder(GenerationTask Task, JsonObject Fields, IReadOnlyList<(string Field, string Path)> Pictures);
