using Darkroom.Models.Sessions;

namespace Darkroom.Models.Residency;

/// <summary>A device as it is configured.</summary>
public sealed record DeviceSpec
{
    public const string Cpu = "cpu", Cuda = "cuda";

    /// <summary><see cref="Cpu"/> or <see cref="Cuda"/>.</summary>
    public string Kind { get; init; } = Cpu;

    /// <summary>Which GPU, for <see cref="Cuda"/>.</summary>
    public int Id { get; init; }

    /// <summary>Threads of a wide call; 0: one for each core.</summary>
    public int Threads { get; init; }

    /// <summary>Weights that may be in the device's memory at a time, as their files have them. What runs need beyond is not in it.</summary>
    public long BudgetBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// Weights up to which a part gets a second session of one thread. The kernels of a larger network keep every thread busy alone, and it would be held
    /// twice.
    /// </summary>
    public long NarrowLimitBytes { get; init; } = 512L << 20;

    /// <summary>
    /// A budget where none is configured. On a CPU half of what weights and calls may have together (<see cref="MemoryLimits"/>): the rest is for what
    /// runs need, for weights that are kept wider than their file has them (float16 becomes float32), and for pictures. A GPU is not asked; there the
    /// budget is to be configured.
    /// </summary>
    public static long DefaultBudget(string kind) => kind == Cpu ? MemoryLimits.OfProcess.WeightBytes : long.MaxValue;

    /// <summary>As people know it: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public string Name => Kind == Cpu ? Kind : $"{Kind}:{Id}";

    /// <summary>How wide sessions of the device are made.</summary>
    public SessionSettings Sessions => new() { Device = Kind, DeviceId = Id, Threads = Threads };

    /// <summary>The device that a session's settings speak of, without a budget.</summary>
    public static DeviceSpec Of(SessionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new() { Kind = settings.Device, Id = settings.DeviceId, Threads = settings.Threads };
    }
}
