using Darkroom.Engine.Estimates;
using Darkroom.Models.Catalog;
using Darkroom.Models.Residency;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>Memory: whether the largest model fits.</summary>
internal sealed class MemoryCheck(IModelDirectory models, DarkroomSettings settings) : IDoctorCheck
{
    public string Name => "memory";

    public IEnumerable<Finding> Run()
    {
        var limits = MemoryLimits.OfProcess;
        var options = settings.Engine;
        yield return new(true,
            $"{MiB(limits.ProcessBytes)} MiB for this process: {MiB(limits.NativeBytes)} MiB for weights and calls, {MiB(limits.ManagedBytes)} MiB for pixels "
            + "and files");
        foreach (var model in models.All.Where(model => model.Fault is null))
        {
            if (model.Parts.FirstOrDefault(part => !options.Devices.Any(device => device.Fits(part))) is { } part)
                yield return new(false, $"Model '{model.Id}' cannot be loaded: its {part.Name} takes {MiB(part.Bytes)} MiB, and there are "
                    + $"{MiB(options.Devices.Max(device => part.IsExact ? device.MaxPartBytes : device.BudgetBytes))} MiB for weights."
                    + SmallerHeap(limits, part));
            else if (CanvasMemory.SizesOf(model) is [var smallest, ..]
                && CanvasMemory.NeedOf(options, model, smallest) is var (bytes, available) && bytes > available)
                yield return new(false, $"Model '{model.Id}' leaves too little for its pictures: {smallest.Width} x {smallest.Height} takes {MiB(bytes)} MiB "
                    + $"beside the weights, and {MiB(Math.Max(0, available))} MiB are left.");
        }
    }

    /// <summary>What to set where a part would fit beside a smaller managed heap; empty where it would not.</summary>
    internal static string SmallerHeap(MemoryLimits limits, PartSize part)
    {
        var small = limits.WithSmallHeap();
        return part.IsExact && part.Bytes > limits.NativeBytes && part.Bytes <= small.NativeBytes
            ? $" With DOTNET_GCHeapHardLimit=0x{MemoryLimits.SmallHeapBytes:X} in the environment there are {MiB(small.NativeBytes)} MiB for weights and "
                + $"calls, and {MiB(small.ManagedBytes)} MiB for pixels and files."
            : "";
    }

    private static long MiB(long bytes) => bytes / (1024 * 1024);
}
