using System.Diagnostics;
using Darkroom.Diffusion.Noise;
using Darkroom.Models.Sessions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Darkroom.Benchmarks.Sessions;

/// <summary>A session of one variant with inputs for some numbers of rows; in a process of its own, since some choices hold for the whole process.</summary>
internal sealed class MeasuredSession
{
    private readonly SessionVariant variant;
    private readonly SessionSubject subject;
    private readonly RunOptions run = new();
    private readonly Dictionary<int, InferenceSession> sessions = [];
    private readonly Dictionary<(int Rows, int Caller), Action> calls = [];

    public MeasuredSession(SessionVariant variant, SessionSubject subject)
    {
        (this.variant, this.subject) = (variant, subject);
        if (variant.GlobalPoolSpins is { } spins)
        {
            var options = new EnvironmentCreationOptions
            {
                logId = "darkroom", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
                threadOptions = new OrtThreadingOptions
                    { GlobalIntraOpNumThreads = Environment.ProcessorCount, GlobalInterOpNumThreads = 1, GlobalSpinControl = spins },
            };
            OrtEnv.CreateInstanceWithOptions(ref options);
        }
        if (variant.SharedArena)
            OrtEnv.Instance().CreateAndRegisterAllocator(
                new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default), new OrtArenaCfg(0, -1, -1, -1));
    }

    /// <summary>Median milliseconds of a call, and the processor's milliseconds of a call.</summary>
    public double[] Time(int rows, int count)
    {
        var call = CallOf(rows, caller: 0);
        call();
        var times = new double[count];
        var used = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < count; i++)
        {
            long started = Stopwatch.GetTimestamp();
            call();
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        used = Environment.CpuUsage.TotalTime - used;
        Array.Sort(times);
        return [times[count / 2], used.TotalMilliseconds / count];
    }

    /// <summary>Milliseconds for two calls at once, from two threads into one session: the time of all calls over the half of their number.</summary>
    public double Pair(int rows, int count)
    {
        Action first = CallOf(rows, caller: 0), second = CallOf(rows, caller: 1);
        first();
        second();
        long started = Stopwatch.GetTimestamp();
        Parallel.Invoke(() => Repeat(first), () => Repeat(second));
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds / count;

        void Repeat(Action call)
        {
            for (int i = 0; i < count; i++) call();
        }
    }

    /// <summary>Processor milliseconds that the process burns in the 100 ms after a call, when nothing is asked of it.</summary>
    public double BurnAfter(int rows)
    {
        CallOf(rows, caller: 0)();
        var before = Environment.CpuUsage.TotalTime;
        Thread.Sleep(100);
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    /// <summary>Milliseconds to open the graph once more.</summary>
    public double Load(int rows)
    {
        long started = Stopwatch.GetTimestamp();
        using var again = Open(rows);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private Action CallOf(int rows, int caller)
    {
        if (calls.TryGetValue((rows, caller), out var known)) return known;
        var session = SessionOf(rows);
        var made = variant.Unbound ? Unbound(session, rows) : Bound(session, rows);
        calls.Add((rows, caller), made);
        return made;
    }

    private InferenceSession SessionOf(int rows)
    {
        int key = variant.FixedDimensions ? rows : 0;
        if (!sessions.TryGetValue(key, out var session)) sessions.Add(key, session = Open(rows));
        return session;
    }

    private InferenceSession Open(int rows)
    {
        using var options = Options();
        if (!variant.FixedDimensions) return new InferenceSession(subject.Path, options);
        // The names of the axes are known when the graph has been opened.
        using var free = new InferenceSession(subject.Path, options);
        using var again = Options();
        foreach (var (axis, side) in subject.AxesOf(free, rows)) again.AddFreeDimensionOverrideByName(axis, side);
        return new InferenceSession(subject.Path, again);
    }

    private SessionOptions Options()
    {
        var options = new SessionSettings().Create();
        foreach (var change in variant.Change) change(options);
        return options;
    }

    /// <summary>As the server does it.</summary>
    private Action Bound(InferenceSession session, int rows)
    {
        var inputs = subject.InputsOf(session, rows);
        var binding = new GraphBinding(session, inputs, session.OutputNames);
        foreach (var (port, shape) in inputs) binding.WriteAt(port.Name, 0, Values(port, shape));
        var stop = new CallStop(TimeProvider.System);
        return () => binding.Run(stop, run);
    }

    private Action Unbound(InferenceSession session, int rows)
    {
        var inputs = subject.InputsOf(session, rows);
        string[] names = [.. inputs.Select(input => input.Port.Name)];
        OrtValue[] values = [.. inputs.Select(input => input.Port.Element == TensorElementType.Int64
            ? OrtValue.CreateTensorValueFromMemory([.. Values(input.Port, input.Shape).Select(value => (long)value)], input.Shape)
            : OrtValue.CreateTensorValueFromMemory(Values(input.Port, input.Shape), input.Shape))];
        return () => session.Run(run, names, values, session.OutputNames).Dispose();
    }

    private static float[] Values(GraphPort port, long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (count, side) => count * side)];
        if (port.Rank < 2) Array.Fill(values, 500);
        else new TorchCpuGenerator(1).Normal(values);
        return values;
    }
}
