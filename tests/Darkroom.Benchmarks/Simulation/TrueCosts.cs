using System.Text.Json;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Scheduling.Costs;

namespace Darkroom.Benchmarks.Simulation;

/// <summary>
/// What calls truly take on a simulated device: a table of measured or published figures, straight lines between them. The step scheduler never
/// sees it; it learns from the calls, as it does on a real device.
/// </summary>
internal sealed class TrueCosts
{
    private readonly Dictionary<(NetworkKind Kind, int Height, int Width, bool Narrow), List<(int Evaluations, double Seconds)>> curves = [];
    private readonly Dictionary<NetworkKind, double> parameters = [];

    /// <summary>What the table is of.</summary>
    public string Machine { get; }

    /// <summary>Threads of the device; 1 for one that runs a call at a time.</summary>
    public int Threads { get; }

    /// <summary>
    /// Reads <c>{"machine", "parameters"?, "entries": [{"stage", "width", "height", "evaluations", "threads", "ms"}]}</c>; sizes are pixels, 0 for texts.
    /// </summary>
    public TrueCosts(string path)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        Machine = file.RootElement.GetProperty("machine").GetString()!;
        if (file.RootElement.TryGetProperty("parameters", out var sizes))
            foreach (var size in sizes.EnumerateObject()) parameters[KindOf(size.Name)] = size.Value.GetDouble();
        var entries = file.RootElement.GetProperty("entries").EnumerateArray().ToArray();
        Threads = entries.Max(static entry => entry.GetProperty("threads").GetInt32());
        foreach (var entry in entries)
        {
            var kind = KindOf(entry.GetProperty("stage").GetString()!);
            int threads = entry.GetProperty("threads").GetInt32();
            if (threads != 1 && threads != Threads) continue;
            var key = (kind, SizeOf(entry, "height", kind), SizeOf(entry, "width", kind), threads < Threads);
            if (!curves.TryGetValue(key, out var curve)) curves[key] = curve = [];
            curve.Add((entry.GetProperty("evaluations").GetInt32(), entry.GetProperty("ms").GetDouble() / 1000));
        }
        foreach (var curve in curves.Values) curve.Sort();
    }

    /// <summary>Sides of the square pictures that the table knows, in pixels, the smallest first.</summary>
    public IReadOnlyList<int> Sides =>
        [.. curves.Keys.Where(key => key.Kind == Denoise.Network && !key.Narrow && curves.ContainsKey(key with { Kind = Decode.Network }))
            .Where(static key => key.Height == key.Width).Select(static key => key.Width).Order()];

    /// <summary>Seconds that a job takes with the device to itself.</summary>
    public double Alone(SimulatedJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Alone((call, evaluations) => SecondsOf(call, evaluations, CallWidth.Wide));
    }

    /// <summary>What the step scheduler is told of the device before anything ran.</summary>
    public DeviceTraits Traits => Threads > 1 ? DeviceTraits.Cpu(Threads) : DeviceTraits.Gpu;

    /// <summary>Weights of a network, as its file tells; null where the table does not say.</summary>
    public NetworkSize? SizeOf(CostKey call) => parameters.TryGetValue(call.Kind, out double weights) ? new NetworkSize(weights) : null;

    /// <summary>Seconds of a call of so many evaluations.</summary>
    public double SecondsOf(in CostKey call, int evaluations, CallWidth width)
    {
        bool narrow = width == CallWidth.Narrow && Threads > 1;
        if (!curves.TryGetValue((call.Kind, call.Shape.Height * 8, call.Shape.Width * 8, narrow), out var curve))
            throw new InvalidOperationException($"The table of {Machine} has no {call}{(narrow ? ", narrow" : "")}.");
        int above = curve.FindIndex(point => point.Evaluations >= evaluations);
        if (above == 0 || curve.Count == 1) return curve[0].Seconds;
        var (from, to) = above < 0 ? (curve[^2], curve[^1]) : (curve[above - 1], curve[above]);
        return from.Seconds + (to.Seconds - from.Seconds) * (evaluations - from.Evaluations) / (to.Evaluations - from.Evaluations);
    }

    private static int SizeOf(JsonElement entry, string side, NetworkKind kind) =>
        kind == EncodeText.Networks[0] || !entry.TryGetProperty(side, out var value) ? 0 : value.GetInt32();

    private static NetworkKind KindOf(string name) => name switch
    {
        "text_encode" => EncodeText.Networks[0],
        "vae_encode" => EncodePicture.Network,
        "denoise" => Denoise.Network,
        "decode" => Decode.Network,
        "upscale_tile" => Upscale.Network,
        _ => throw new InvalidDataException($"'{name}' is no stage of a table."),
    };
}
