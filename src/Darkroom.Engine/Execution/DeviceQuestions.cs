using System.Collections.Concurrent;
using Darkroom.Engine.Devices;
using Darkroom.Engine.Queue;

namespace Darkroom.Engine.Execution;

/// <summary>Questions about devices, which only the engine's loop may look at: it answers them at its next tick.</summary>
internal sealed class DeviceQuestions
{
    private readonly ConcurrentQueue<TaskCompletionSource<IReadOnlyList<SeenDevice>>> asked = new();

    /// <summary>How the devices are, in the order of their numbers.</summary>
    public Task<IReadOnlyList<SeenDevice>> AskAsync(AsyncSignal signal)
    {
        var question = new TaskCompletionSource<IReadOnlyList<SeenDevice>>(TaskCreationOptions.RunContinuationsAsynchronously);
        asked.Enqueue(question);
        signal.Set();
        return question.Task;
    }

    /// <summary>Answers all questions; mostly there are none.</summary>
    public void Answer(IReadOnlyList<Device> devices)
    {
        if (asked.IsEmpty) return;
        SeenDevice[] seen = [.. devices.Select(device => device.See())];
        while (asked.TryDequeue(out var question)) question.TrySetResult(seen);
    }
}

/// <summary>A device as the loop sees it.</summary>
internal sealed record SeenDevice(DeviceState State, IReadOnlyList<RunningCall> Calls, IReadOnlyList<BatchLimit> Limits);
