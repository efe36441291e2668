using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Darkroom.Models.Sessions;

/// <summary>
/// A graph's inputs and outputs for one batch size and one set of shapes, allocated once and used again by every run of that shape. Rows are written
/// as float32 or integers and stored as the graph wants them: float16, double, int32 or int64 (the nearest integer).
/// </summary>
internal sealed class GraphBinding : IDisposable
{
    private readonly InferenceSession session;
    private readonly string[] inputNames;
    private readonly OrtValue[] inputs;
    private readonly TensorElementType[] inputTypes;
    private readonly string[] outputNames;
    private readonly TensorMemory[] inputMemory;
    private readonly OrtValue?[] outputs;
    private readonly TensorMemory[] outputMemory;
    private readonly TensorElementType[] outputTypes;
    private readonly long[][] outputShapes;
    private readonly RunOptions options; // of its own: stopping one call must not stop another
    private readonly long[] sides; // of all inputs, one after another
    private readonly SessionDevice? device;
    private readonly bool[] changed; // inputs that a device has not as they are now
    private readonly float[]?[][] kept; // by input and row: what was written there and stays
    private OrtIoBinding? binding;
    private DeviceTensors? captured;
    private bool wasCaptured; // the call before
    private long calls;
    private float[] scratch = [];

    /// <param name="session">Which is called.</param>
    /// <param name="inputs">Its inputs and their full shapes.</param>
    /// <param name="outputNames">The outputs wanted.</param>
    /// <param name="device">Of the session; null: its memory is the machine's own.</param>
    public GraphBinding(
        InferenceSession session, IReadOnlyList<(GraphPort Port, long[] Shape)> inputs, IReadOnlyList<string> outputNames, SessionDevice? device = null)
    {
        (this.session, this.device) = (session, device);
        options = device?.Options() ?? new RunOptions();
        changed = new bool[inputs.Count];
        Array.Fill(changed, true);
        kept = new float[]?[inputs.Count][];
        for (int i = 0; device is not null && i < kept.Length; i++) kept[i] = new float[]?[inputs[i].Shape is [var rows, ..] ? rows : 1];
        inputNames = [.. inputs.Select(input => input.Port.Name)];
        this.inputs = [.. inputs.Select(input => OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.Port.Element, input.Shape))];
        inputMemory = [.. this.inputs.Select(value => new TensorMemory(value))];
        inputTypes = [.. inputs.Select(input => input.Port.Element)];
        this.outputNames = [.. outputNames];
        outputTypes = new TensorElementType[outputNames.Count];
        outputs = new OrtValue?[outputNames.Count];
        outputMemory = new TensorMemory[outputNames.Count];
        outputShapes = new long[outputNames.Count][];
        sides = [.. inputs.SelectMany(input => input.Shape)];
    }

    /// <summary>Whether its calls were captured as a CUDA graph.</summary>
    public bool IsCaptured => captured is not null;

    /// <summary>Whether a call of these shapes and outputs can use it.</summary>
    public bool IsFor(IReadOnlyList<long[]> shapes, IReadOnlyList<string> outputs)
    {
        int at = 0;
        for (int i = 0; i < shapes.Count; i++)
            foreach (long side in shapes[i])
                if (at >= sides.Length || sides[at++] != side) return false;
        if (at != sides.Length || outputs.Count != outputNames.Length) return false;
        for (int i = 0; i < outputs.Count; i++) // by index: an enumerator would be allocated at every call
            if (outputs[i] != outputNames[i]) return false;
        return true;
    }

    /// <summary>Writes one row of an input, every value times <paramref name="scale"/>. A shared input (no batch axis) is row 0.</summary>
    public void Write(string input, int row, ReadOnlySpan<float> values, float scale = 1) => WriteAt(input, row * values.Length, values, scale);

    /// <summary>
    /// Writes one row of an input that stays the same over many calls: a device keeps what it has of these very values. Nobody may change them.
    /// </summary>
    public void WriteKept(string input, int row, float[] values)
    {
        int index = Array.IndexOf(inputNames, input);
        if (device is not null && kept[index][row] == values) return;
        changed[index] = true;
        Store(index, row * values.Length, values, 1);
        if (device is not null) kept[index][row] = values;
    }

    /// <summary>Writes values of an input from the <paramref name="at"/>-th on.</summary>
    public void WriteAt(string input, int at, ReadOnlySpan<float> values, float scale = 1) => Store(Change(input), at, values, scale);

    private void Store(int index, int at, ReadOnlySpan<float> values, float scale)
    {
        var target = inputMemory[index];
        switch (inputTypes[index])
        {
            case TensorElementType.Float:
                TensorPrimitives.Multiply(values, scale, target.As<float>().Slice(at, values.Length));
                break;
            case TensorElementType.Float16:
                var scaled = Scratch(values.Length);
                TensorPrimitives.Multiply(values, scale, scaled);
                TensorPrimitives.ConvertToHalf(scaled, target.As<Half>().Slice(at, values.Length));
                break;
            case TensorElementType.Double:
                var doubles = target.As<double>().Slice(at, values.Length);
                for (int i = 0; i < doubles.Length; i++) doubles[i] = (double)values[i] * scale;
                break;
            case TensorElementType.Int64:
                var longs = target.As<long>().Slice(at, values.Length);
                for (int i = 0; i < longs.Length; i++) longs[i] = (long)Math.Round((double)values[i] * scale);
                break;
            case TensorElementType.Int32:
                var ints = target.As<int>().Slice(at, values.Length);
                for (int i = 0; i < ints.Length; i++) ints[i] = (int)Math.Round((double)values[i] * scale);
                break;
            case var other:
                throw new GraphException($"input '{inputNames[index]}' has element type {other}, which is not supported");
        }
    }

    /// <summary>Writes zeros into one row of an input of floating-point numbers.</summary>
    public void Clear(string input, int row, int length)
    {
        int index = Change(input);
        var target = inputMemory[index];
        if (inputTypes[index] == TensorElementType.Float16) target.As<Half>().Slice(row * length, length).Clear();
        else if (inputTypes[index] == TensorElementType.Double) target.As<double>().Slice(row * length, length).Clear();
        else target.As<float>().Slice(row * length, length).Clear();
    }

    /// <summary>Writes one row of token ids.</summary>
    public void Write(string input, int row, ReadOnlySpan<int> ids)
    {
        int index = Change(input);
        var target = inputMemory[index];
        int at = row * ids.Length;
        if (inputTypes[index] == TensorElementType.Int32)
        {
            ids.CopyTo(target.As<int>().Slice(at, ids.Length));
            return;
        }
        var longs = target.As<long>().Slice(at, ids.Length);
        for (int i = 0; i < ids.Length; i++) longs[i] = ids[i];
    }

    /// <summary>Runs the graph.</summary>
    /// <param name="stop">Of the calling thread.</param>
    /// <param name="special">Options in place of the usual ones, for this call alone.</param>
    public void Run(CallStop stop, RunOptions? special)
    {
        if (device?.Captures is not { } captures)
        {
            RunPlain(stop, special ?? options);
        }
        else if (special is null && captured is null && captures.IsDue(calls) && CaptureGate.TryBeginCapture())
        {
            bool sound = false;
            try
            {
                captured = new DeviceTensors(session, device, captures.Take(), [.. inputNames.Zip(inputs)], [.. outputNames.Zip(outputs.OfType<OrtValue>())]);
                RunCaptured(stop);
                sound = true;
            }
            finally
            {
                CaptureGate.EndCapture(sound);
            }
        }
        else
        {
            CaptureGate.BeginPlain();
            try
            {
                if (special is null && captured is { IsOfThread: true }) RunCaptured(stop);
                else RunPlain(stop, special ?? options);
            }
            finally
            {
                CaptureGate.EndPlain();
            }
        }
        calls++;
        Array.Clear(changed);
    }

    private void RunPlain(CallStop stop, RunOptions chosen)
    {
        stop.Enter(chosen);
        try
        {
            if (binding is null) RunFirst(chosen);
            else Run(chosen, binding);
        }
        finally
        {
            stop.Leave();
        }
    }

    private void RunCaptured(CallStop stop)
    {
        stop.Enter(captured!.Options);
        try
        {
            Turn(toCaptured: true);
            captured.Run(captured.Options, inputMemory, changed, outputMemory);
        }
        finally
        {
            stop.Leave();
        }
    }

    private void Run(RunOptions chosen, OrtIoBinding binding)
    {
        if (device is not null)
        {
            Turn(toCaptured: false);
            // Binding is what copies to a device: what is written later into the tensor that was bound does not get there.
            for (int i = 0; i < inputs.Length; i++)
                if (changed[i]) binding.BindInput(inputNames[i], inputs[i]);
            binding.SynchronizeBoundInputs();
        }
        session.RunWithBinding(chosen, binding);
    }

    /// <summary>The device has two tensors for each input of calls that were captured: of those that the last call did not use, none is up to date.</summary>
    private void Turn(bool toCaptured)
    {
        if (wasCaptured != toCaptured) Array.Fill(changed, true);
        wasCaptured = toCaptured;
    }

    /// <summary>The first run of a shape tells what the outputs look like; they are kept, bound, and written again by the runs that follow.</summary>
    private void RunFirst(RunOptions options)
    {
        // Copied out of the memory that calls share: what lay there between calls would hold on to the whole of its region.
        using var produced = session.Run(options, inputNames, inputs, outputNames);
        for (int i = 0; i < outputs.Length; i++)
        {
            var shape = produced[i].GetTensorTypeAndShape();
            (outputTypes[i], outputShapes[i]) = (shape.ElementDataType, shape.Shape);
            outputs[i] = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, outputTypes[i], outputShapes[i]);
            outputMemory[i] = new TensorMemory(outputs[i]!);
            new TensorMemory(produced[i]).As<byte>().CopyTo(outputMemory[i].As<byte>());
        }
        Bind();
    }

    private void Bind()
    {
        binding = session.CreateIoBinding();
        for (int i = 0; i < inputs.Length; i++) binding.BindInput(inputNames[i], inputs[i]);
        for (int i = 0; i < outputs.Length; i++) binding.BindOutput(outputNames[i], outputs[i]!);
    }

    /// <summary>Shape of an output after the first run, batch axis included.</summary>
    public ReadOnlySpan<long> ShapeOf(string output) => outputShapes[Array.IndexOf(outputNames, output)];

    /// <summary>Sees to it that an output of the last run has the sides that it must have, batch axis included; −1: any length.</summary>
    /// <exception cref="GraphException">It has others: what it holds is not the answer to the call.</exception>
    public void Expect(string output, params ReadOnlySpan<long> sides)
    {
        var given = ShapeOf(output);
        bool same = given.Length == sides.Length;
        for (int i = 0; same && i < sides.Length; i++) same = sides[i] < 0 || given[i] == sides[i];
        if (!same) throw new GraphException($"output '{output}' is {TextOf(given)} where {TextOf(sides)} was expected");

        static string TextOf(ReadOnlySpan<long> sides) => $"[{string.Join(", ", sides.ToArray().Select(side => side < 0 ? "any" : $"{side}"))}]";
    }

    /// <summary>Copies one row of an output as float32.</summary>
    /// <exception cref="GraphException">The row has another number of values.</exception>
    public void Read(string output, int row, Span<float> values)
    {
        int index = Array.IndexOf(outputNames, output);
        long length = RowLength(index);
        if (length != values.Length)
            throw new GraphException(
                $"output '{output}' has {length} values a row where {values.Length} were expected, shape [{string.Join(", ", outputShapes[index])}]");
        ReadAt(index, row * values.Length, values);
    }

    /// <summary>Copies the first values of one row of an output as float32.</summary>
    public void ReadStart(string output, int row, Span<float> values)
    {
        int index = Array.IndexOf(outputNames, output);
        ReadAt(index, row * (int)RowLength(index), values);
    }

    private void ReadAt(int index, int at, Span<float> values)
    {
        var source = outputMemory[index];
        switch (outputTypes[index])
        {
            case TensorElementType.Float:
                source.As<float>().Slice(at, values.Length).CopyTo(values);
                break;
            case TensorElementType.Float16:
                TensorPrimitives.ConvertToSingle(source.As<Half>().Slice(at, values.Length), values);
                break;
            case TensorElementType.Double:
                var doubles = source.As<double>().Slice(at, values.Length);
                for (int i = 0; i < values.Length; i++) values[i] = (float)doubles[i];
                break;
            case var other:
                throw new GraphException($"output '{outputNames[index]}' has element type {other}, which is not supported");
        }
    }

    /// <summary>All values of an output of float32, as they lie in its memory until the next call.</summary>
    public ReadOnlySpan<float> FloatsOf(string output) => outputMemory[Array.IndexOf(outputNames, output)].As<float>();

    /// <summary>Values of one row of an output.</summary>
    public int RowLength(string output) => (int)RowLength(Array.IndexOf(outputNames, output));

    public void Dispose()
    {
        captured?.Dispose();
        binding?.Dispose();
        options.Dispose();
        foreach (var value in inputs) value.Dispose();
        foreach (var value in outputs) value?.Dispose();
    }

    /// <summary>Where an input is, of which something is about to be written.</summary>
    private int Change(string input)
    {
        int index = Array.IndexOf(inputNames, input);
        changed[index] = true;
        if (device is not null) Array.Clear(kept[index]);
        return index;
    }

    private long RowLength(int output)
    {
        long length = 1;
        foreach (long side in outputShapes[output].AsSpan(1)) length *= side;
        return length;
    }

    private Span<float> Scratch(int length)
    {
        if (scratch.Length < length) scratch = new float[length];
        return scratch.AsSpan(0, length);
    }
}
