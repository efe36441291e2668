using System.Text.Json;

namespace Darkroom.Benchmarks.Profile;

/// <summary>
/// Reads the file that ONNX Runtime writes of a session: a list of events in the form of Chrome's traces, times in microseconds. An event of a node has its
/// operator and the shapes of what went in and out.
/// </summary>
internal static class ProfileFile
{
    private const string KernelEnd = "_kernel_time";

    /// <summary>The session's calls in their order.</summary>
    public static IReadOnlyList<ProfiledRun> Read(Stream stream)
    {
        using var file = JsonDocument.Parse(stream);
        var events = file.RootElement.EnumerateArray().ToArray();
        var nodes = events.Where(IsNode).Select(node => (Start: Microseconds(node, "ts"), Node: NodeOf(node))).OrderBy(node => node.Start).ToArray();
        return
        [
            .. events.Where(one => Text(one, "cat") == "Session" && Text(one, "name") == "model_run").OrderBy(run => Microseconds(run, "ts")).Select(run =>
            {
                double start = Microseconds(run, "ts"), took = Microseconds(run, "dur");
                return new ProfiledRun(took / 1000, [.. nodes.Where(node => node.Start >= start && node.Start < start + took).Select(node => node.Node)]);
            }),
        ];
    }

    private static bool IsNode(JsonElement one) => Text(one, "cat") == "Node" && Text(one, "name").EndsWith(KernelEnd, StringComparison.Ordinal);

    private static ProfiledNode NodeOf(JsonElement one)
    {
        var args = one.GetProperty("args");
        return new(Text(one, "name")[..^KernelEnd.Length], Text(args, "op_name"), Microseconds(one, "dur") / 1000, Shapes(args, "input_type_shape"),
            Shapes(args, "output_type_shape"));
    }

    /// <summary>Each is an object of one entry: the type, and the sides.</summary>
    private static IReadOnlyList<IReadOnlyList<long>> Shapes(JsonElement args, string name) => !args.TryGetProperty(name, out var list) ? []
        : [.. list.EnumerateArray().Select(one => (IReadOnlyList<long>)[.. one.EnumerateObject()
            .SelectMany(type => type.Value.EnumerateArray().Select(side => side.GetInt64()))])];

    private static string Text(JsonElement one, string name) => one.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    /// <summary>Numbers, or in some versions numbers as texts.</summary>
    private static double Microseconds(JsonElement one, string name) => one.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble()
        : double.Parse(one.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}
