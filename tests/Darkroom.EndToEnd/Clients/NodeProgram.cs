using System.Diagnostics;
using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Clients;

/// <summary>Programs of <c>tests/node</c> that use a client of Node.js and print what it gave.</summary>
internal static class NodeProgram
{
    /// <summary>Runs one to its end.</summary>
    /// <returns>The object of JSON that it printed.</returns>
    public static async Task<JsonElement> RunAsync(string program, params string[] arguments) =>
        Last(await OutputAsync(program, NodeRuntime.Folder, arguments));

    /// <summary>Runs one to its end, or a program of an installed package.</summary>
    /// <param name="program">Path of its file in <c>tests/node</c>.</param>
    /// <param name="folder">Where it runs.</param>
    /// <returns>All that it printed.</returns>
    public static Task<string> OutputAsync(string program, string folder, params string[] arguments)
    {
        Assert.SkipUnless(NodeRuntime.Has("openai"), "The packages of tests/node are not installed: ./test restore");
        var start = new ProcessStartInfo(NodeRuntime.Program, [Path.Combine(NodeRuntime.Folder, program), .. arguments]) { WorkingDirectory = folder };
        start.Environment["NO_COLOR"] = "1";
        start.Environment.Remove("OPENAI_API_KEY");
        return ChildProgram.OutputAsync(start);
    }

    /// <summary>The object of JSON on the last line of what a program printed.</summary>
    public static JsonElement Last(string output) =>
        JsonSerializer.Deserialize<JsonElement>(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);

    public static string[] Texts(this JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)];

    public static string? Text(this JsonElement json, string name) => json.GetProperty(name).GetString();
}
