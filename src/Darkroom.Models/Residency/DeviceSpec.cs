using Darkroom.Models.Catalog;
using Darkroom.Models.Graphs.Quantising;
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

    /// <summary>What CUDA is asked for, for <see cref="Cuda"/>.</summary>
    public CudaOptions Options { get; init; } = new();

    /// <summary>
    /// What one part alone may have where that is more than the budget: then no other is in memory beside it. For parts that take no more than their files
    /// have.
    /// </summary>
    public long MaxPartBytes { get => Math.Max(field, BudgetBytes); init; }

    /// <summary>Whether a part can ever be in the device's memory.</summary>
    public bool Fits(PartSize part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return part.Bytes <= (part.IsExact ? MaxPartBytes : BudgetBytes);
    }

    /// <summary>
    /// Weights up to which a part gets a second session of one thread. The kernels of a larger network keep every thread busy alone, and it would be held
    /// twice.
    /// </summary>
    public long NarrowLimitBytes { get; init; } = 512L << 20;

    /// <summary>Where ONNX Runtime writes what each session's nodes took: how the names of these files begin; null: nothing is written.</summary>
    internal string? ProfilePrefix { get; init; }

    /// <summary>Whether convolutions of written graphs stay in ONNX's own layout: for comparing.</summary>
    internal bool PlainConvolutions { get; init; }

    /// <summary>
    /// A budget where none is configured. On a CPU half of what weights and calls may have together (<see cref="MemoryLimits"/>): the rest is for what
    /// runs need, for weights that are kept wider than their file has them (float16 becomes float32), and for pictures. A GPU is not asked; there the
    /// budget is to be configured.
    /// </summary>
    public static long DefaultBudget(string kind) => kind == Cpu ? MemoryLimits.OfProcess.WeightBytes : long.MaxValue;

    /// <summary>What models compute with whose cards do not say.</summary>
    public WeightPrecision Precision { get; init; }

    /// <summary>As people know it: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public string Name => Kind == Cpu ? Kind : $"{Kind}:{Id}";

    /// <summary>How wide sessions of the device are made.</summary>
    public SessionSettings Sessions => new()
    {
        Device = Kind, DeviceId = Id, Threads = Threads, Cuda = Options, Budget = BudgetBytes, ProfilePrefix = ProfilePrefix,
        Precision = Precision, PlainConvolutions = PlainConvolutions,
    };

    /// <summary>The device that a session's settings speak of.</summary>
    public static DeviceSpec Of(SessionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new()
        {
            Kind = settings.Device, Id = settings.DeviceId, Threads = settings.Threads, BudgetBytes = settings.Budget, Options = settings.Cuda,
            Precision = settings.Precision, ProfilePrefix = settings.ProfilePrefix, PlainConvolutions = settings.PlainConvolutions,
        };
    }
}
