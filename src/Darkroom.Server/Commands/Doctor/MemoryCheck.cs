using Darkroom.Models.Catalog;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>Memory: whether the largest model fits.</summary>
internal sealed class MemoryCheck(IModelDirectory models) : IDoctorCheck
{
    public string Name => "memory";

    public IEnumerable<Finding> Run()
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        yield return new(true, $"{MiB(available)} MiB for this process");
        foreach (var model in models.All)
            if (model.MemoryBytes > available)
                yield return new(false, $"Model '{model.Id}' takes at least {MiB(model.MemoryBytes)} MiB, more than there is.");
    }

    private static long MiB(long bytes) => bytes / (1024 * 1024);
}
