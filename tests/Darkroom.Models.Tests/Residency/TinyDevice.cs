using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Upscaling;

namespace Darkroom.Models.Tests.Residency;

/// <summary>A device with parts that are real sessions of a tiny graph, and as large as a test says.</summary>
internal sealed class TinyDevice : IDisposable
{
    private readonly UpscalersFolder folder = new UpscalersFolder().Write("tiny.onnx", new TinyGraph());
    private readonly List<GraphSlot<OnnxGraph>> slots = [];

    public TinyDevice(long budget, int threads = 1, GraphTelemetry? telemetry = null, long maxPart = 0) =>
        Memory = new DeviceMemory(new DeviceSpec { BudgetBytes = budget, MaxPartBytes = maxPart, Threads = threads }, telemetry);

    public DeviceMemory Memory { get; }

    /// <summary>Parts in the order in which they were opened.</summary>
    public List<string> Opened { get; } = [];

    /// <param name="name">Its name.</param>
    /// <param name="bytes">What it counts for.</param>
    /// <param name="before">Called before each opening; may throw, or take its time.</param>
    /// <param name="below">Whose weights it shares.</param>
    /// <param name="own">Bytes that it does not share.</param>
    /// <param name="exact">Whether it takes no more than that.</param>
    public GraphSlot<OnnxGraph> Part(
        string name, long bytes = 1, Action? before = null, GraphSlot<OnnxGraph>? below = null, long own = 0, bool exact = false)
    {
        var slot = new GraphSlot<OnnxGraph>(Memory, name, bytes, settings =>
        {
            before?.Invoke();
            lock (Opened) Opened.Add(name);
            return OnnxGraph.Load(Path.Combine(folder.Path, "upscalers", "tiny.onnx"), settings);
        }) { Base = below, OwnBytes = own, SharesWeights = exact || below is not null, IsInPlace = exact || below is not null };
        slots.Add(slot);
        return slot;
    }

    /// <summary>Opens parts one after another and lets each go again.</summary>
    public static async Task TouchAsync(params GraphSlot<OnnxGraph>[] parts)
    {
        foreach (var part in parts) (await part.HoldAsync(TestContext.Current.CancellationToken)).Dispose();
    }

    /// <summary>A call that answers with <paramref name="value"/> four times.</summary>
    public static float[] Run(GraphSlot<OnnxGraph> part, float value, RunWidth width = RunWidth.Wide, Action? during = null) =>
        part.Call(width, (value, during), static (graph, call) =>
    {
        float[] answer = new float[12];
        graph.Run(
            [[1, 3, 1, 1]], [graph.Outputs[0].Name], (call.value, call.during, answer),
            static (binding, call) =>
            {
                call.during?.Invoke();
                binding.Write("picture", 0, [call.value, call.value, call.value]);
            },
            (binding, call) => binding.Read(graph.Outputs[0].Name, 0, call.answer));
        return answer;
    });

    public void Dispose()
    {
        foreach (var slot in slots) slot.Dispose();
        folder.Dispose();
    }
}
