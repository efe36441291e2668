using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>A call's inputs and outputs in a device's memory, at addresses that stay as they are: those that a capture was made with.</summary>
internal sealed class DeviceTensors : IDisposable
{
    private readonly InferenceSession session;
    private readonly IDeviceTransfer transfer;
    private readonly OrtAllocator allocator;
    private readonly OrtValue[] inputs, outputs;
    private readonly TensorMemory[] inputMemory, outputMemory;
    private readonly OrtIoBinding binding;
    private readonly Thread thread = Thread.CurrentThread;

    /// <param name="session">Which is called.</param>
    /// <param name="device">Of the session.</param>
    /// <param name="number">Of the capture.</param>
    /// <param name="inputs">Tensors of the inputs in the machine's memory.</param>
    /// <param name="outputs">Those of the outputs.</param>
    public DeviceTensors(
        InferenceSession session, SessionDevice device, int number, IReadOnlyList<(string Name, OrtValue Host)> inputs,
        IReadOnlyList<(string Name, OrtValue Host)> outputs)
    {
        (this.session, transfer, Number) = (session, device.Transfer, number);
        Options = device.Options(number);
        allocator = transfer.AllocatorOf(session);
        binding = session.CreateIoBinding();
        this.inputs = [.. inputs.Select(input => Like(input.Host))];
        this.outputs = [.. outputs.Select(output => Like(output.Host))];
        inputMemory = [.. this.inputs.Select(value => new TensorMemory(value))];
        outputMemory = [.. this.outputs.Select(value => new TensorMemory(value))];
        for (int i = 0; i < inputs.Count; i++) binding.BindInput(inputs[i].Name, this.inputs[i]);
        for (int i = 0; i < outputs.Count; i++) binding.BindOutput(outputs[i].Name, this.outputs[i]);
    }

    /// <summary>Of the capture.</summary>
    public int Number { get; }

    public RunOptions Options { get; }

    /// <summary>Whether this thread made the capture: the provider keeps them for each thread, and would make another.</summary>
    public bool IsOfThread => Thread.CurrentThread == thread;

    /// <summary>Runs the graph: the capture is made by the first call, and played back by the others.</summary>
    /// <param name="options">Those of the capture, or of a call that is none.</param>
    /// <param name="from">Inputs in the machine's memory.</param>
    /// <param name="changed">Which of them are not what they were at the call before.</param>
    /// <param name="to">Receives the outputs.</param>
    public void Run(RunOptions options, TensorMemory[] from, bool[] changed, TensorMemory[] to)
    {
        for (int i = 0; i < from.Length; i++)
            if (changed[i]) transfer.ToDevice(inputMemory[i].Address, from[i].Address, from[i].Bytes);
        transfer.Finish();
        session.RunWithBinding(options, binding);
        for (int i = 0; i < to.Length; i++) transfer.ToHost(to[i].Address, outputMemory[i].Address, to[i].Bytes);
    }

    public void Dispose()
    {
        binding.Dispose();
        Options.Dispose();
        foreach (var value in inputs) value.Dispose();
        foreach (var value in outputs) value.Dispose();
        allocator.Dispose();
    }

    private OrtValue Like(OrtValue host)
    {
        var shape = host.GetTensorTypeAndShape();
        return OrtValue.CreateAllocatedTensorValue(allocator, shape.ElementDataType, shape.Shape);
    }
}
