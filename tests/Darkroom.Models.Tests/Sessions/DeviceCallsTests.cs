using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Sessions;

/// <summary>Calls of a session whose memory is a device's, the way they go on a GPU, with memory of the machine in the device's place.</summary>
public sealed class DeviceCallsTests : IDisposable
{
    private const int Cells = 8, Latents = 4 * Cells * Cells, Text = 77 * 32, CallsToCapture = CapturedShapes.CallsBefore + 1;

    private readonly float[] text = Values(1, Text), other = Values(2, Text);

    public void Dispose() => CaptureGate.Forget();

    [Fact]
    public void Every_call_gets_what_was_written_for_it()
    {
        using OnnxGraph plain = Open(null, 0), device = Open(new(), 0);
        for (int call = 0; call < 4; call++) Assert.Equal(Call(plain, Cells, call, text), Call(device, Cells, call, text));
        Assert.Equal(Call(plain, Cells, 9, other), Call(device, Cells, 9, other));
    }

    [Fact]
    public void A_text_that_stays_is_not_written_again()
    {
        using var device = Open(new(), 0);
        float[] first = Call(device, Cells, 3, text), before = [.. text];
        Array.Clear(text); // nobody may do that: it shows what is read
        Assert.Equal(first, Call(device, Cells, 3, text));
        Assert.Equal(first, Call(device, Cells, 3, before));
        Assert.NotEqual(first, Call(device, Cells, 3, text));
    }

    [Fact]
    public void A_shape_that_comes_often_is_captured_and_only_what_changed_is_copied()
    {
        var transfer = new HostTransfer();
        using OnnxGraph plain = Open(null, 0), device = Open(transfer, 2);
        for (int call = 0; call < CapturedShapes.CallsBefore; call++) Call(device, Cells, call, text);
        Assert.Empty(transfer.Sent);

        Assert.Equal(Call(plain, Cells, 100, text), Call(device, Cells, 100, text)); // the capture
        Assert.Equal(3, transfer.Sent.Count); // latents, timestep, text
        transfer.Sent.Clear();
        Assert.Equal(Call(plain, Cells, 101, text), Call(device, Cells, 101, text));
        Assert.Equal([Latents * sizeof(float), sizeof(float)], transfer.Sent);
        transfer.Sent.Clear();
        Assert.Equal(Call(plain, Cells, 101, other), Call(device, Cells, 101, other));
        Assert.Contains(Text * sizeof(float), transfer.Sent);
        Assert.Equal(3, transfer.Fetched);
    }

    [Fact]
    public void Shapes_beyond_the_limit_are_called_plainly()
    {
        var transfer = new HostTransfer();
        using OnnxGraph plain = Open(null, 0), device = Open(transfer, 1);
        for (int call = 0; call < CallsToCapture; call++) Call(device, Cells, call, text);
        Assert.NotEmpty(transfer.Sent);
        transfer.Sent.Clear();
        for (int call = 0; call < CallsToCapture; call++) Call(device, Cells / 2, call, text);
        Assert.Equal(Call(plain, Cells / 2, 7, text), Call(device, Cells / 2, 7, text));
        Assert.Empty(transfer.Sent);
        Call(device, Cells, 7, text); // the one that was captured is still there
        Assert.NotEmpty(transfer.Sent);
    }

    [Fact]
    public void A_captured_shape_keeps_its_buffers_while_others_lose_theirs()
    {
        var transfer = new HostTransfer();
        using OnnxGraph plain = Open(null, 0), device = Open(transfer, 1);
        device.KeptShapes = 1;
        for (int call = 0; call < CallsToCapture; call++) Call(device, Cells, call, text);
        for (int cells = 4; cells <= 16; cells += 4) Call(device, cells, 1, text);
        device.ShrinkNext();
        transfer.Sent.Clear();
        Assert.Equal(Call(plain, Cells, 5, text), Call(device, Cells, 5, text));
        Assert.NotEmpty(transfer.Sent);
    }

    [Fact]
    public async Task A_call_from_another_thread_does_not_use_the_capture()
    {
        var transfer = new HostTransfer();
        using OnnxGraph plain = Open(null, 0), device = Open(transfer, 1);
        var captures = new Thread(() =>
        {
            for (int call = 0; call < CallsToCapture; call++) Call(device, Cells, call, text);
        });
        captures.Start();
        captures.Join();
        transfer.Sent.Clear();
        float[] answer = await Task.Run(() => Call(device, Cells, 3, text), TestContext.Current.CancellationToken);
        Assert.Equal(Call(plain, Cells, 3, text), answer);
        Assert.Empty(transfer.Sent);
    }

    [Fact]
    public void A_capture_that_fails_is_the_last_one()
    {
        var transfer = new HostTransfer();
        using (var device = Open(new() { Fails = true }, 4))
        {
            for (int call = 0; call < CapturedShapes.CallsBefore; call++) Call(device, Cells, call, text);
            Assert.ThrowsAny<Exception>(() => Call(device, Cells, 1, text));
            Call(device, Cells, 1, text);
        }
        using OnnxGraph plain = Open(null, 0), next = Open(transfer, 4);
        for (int call = 0; call < 2 * CallsToCapture; call++) Call(next, Cells, call, text);
        Assert.Equal(Call(plain, Cells, 5, text), Call(next, Cells, 5, text));
        Assert.Empty(transfer.Sent);
    }

    [Fact]
    public void Captures_are_numbered_up_to_their_limit()
    {
        var shapes = new CapturedShapes(2);
        Assert.False(shapes.IsDue(CapturedShapes.CallsBefore - 1));
        Assert.True(shapes.IsDue(CapturedShapes.CallsBefore));
        Assert.Equal([0, 1], [shapes.Take(), shapes.Take()]);
        Assert.False(shapes.IsDue(1000));
    }

    private static OnnxGraph Open(HostTransfer? transfer, int graphs) => OnnxGraph.Load(
        Path.Combine(Repository.Root, "tests", "conformance", "pipelines", "sd15-tiny", "onnx", "unet", "model.onnx"),
        new() { Threads = 1, Transfer = transfer, Cuda = new() { Graphs = graphs } });

    /// <summary>One row.</summary>
    private static float[] Call(OnnxGraph graph, int cells, int seed, float[] text)
    {
        float[] answer = new float[4 * cells * cells];
        graph.Run([[1, 4, cells, cells], [], [1, 77, 32]], [graph.Outputs[0].Name], (seed, text, answer),
            static (binding, call) =>
            {
                binding.Write("sample", 0, Values(call.seed, call.answer.Length));
                binding.Write("timestep", 0, [100f + call.seed]);
                binding.WriteKept("encoder_hidden_states", 0, call.text);
            },
            (binding, call) => binding.Read(graph.Outputs[0].Name, 0, call.answer));
        return answer;
    }

    private static float[] Values(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
    }
}
