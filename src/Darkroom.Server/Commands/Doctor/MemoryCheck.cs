using Darkroom.Models.Catalog;
using Darkroom.Models.Residency;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>Memory: whether the largest model fits.</summary>
internal sealed class MemoryCheck(IModelDirectory models) : IDoctorCheck
{
    public string Name => "memory";

    public IEnumerable<Finding> Run()
    {
        var limits = MemoryLimits.OfProcess;
        yield return new(true,
            $"{MiB(limits.ProcessBytes)} MiB for this process: {MiB(limits.NativeBytes)} MiB for weights and calls, {MiB(limits.ManagedBytes)} MiB for pixels "
            + "and files");
        foreach (var model in models.All)
            if (model.Parts.Any(part => part.Bytes > limits.WeightBytes))
                yield return new(false, $"Model '{model.Id}' takes at least {MiB(model.MemoryBytes)} MiB, more than there is.");
    }

    private static long MiB(long bytes) => bytes / (1024 * 1024);
}
