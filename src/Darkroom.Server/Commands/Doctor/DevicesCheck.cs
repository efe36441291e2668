using System.Globalization;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>The devices that pictures are made on: whether they can be used, and, in a build for GPUs that uses none, why a GPU could not be.</summary>
internal sealed class DevicesCheck(DarkroomSettings settings) : IDoctorCheck
{
    public string Name => "devices";

    public IEnumerable<Finding> Run()
    {
        var gpus = settings.Engine.Devices.Where(spec => spec.Kind == DeviceSpec.Cuda).ToList();
        int cpus = settings.Engine.Devices.Count - gpus.Count;
        if (cpus > 0) yield return new(true, "Pictures are made on the CPU.");
        foreach (var spec in gpus)
            yield return CudaSupport.FaultOf(spec.Id) is { } fault
                ? new(false, $"{NameOf(spec)} (Darkroom:Engine:Device) cannot be used. {fault}")
                : new(true, $"Pictures are made on {NameOf(spec)}: {CudaSupport.Describe(spec.Id)}.");
        if (gpus.Count > 0 || !CudaSupport.IsBuilt) yield break;
        yield return new(true, CudaSupport.FaultOf(0) is { } unusable
            ? $"A GPU is not used, and could not be. {unusable}"
            : $"A GPU is not used, and could be: {CudaSupport.Describe(0)}. Set Darkroom:Engine:Device to cuda.");
    }

    private static string NameOf(DeviceSpec spec) => string.Create(CultureInfo.InvariantCulture, $"{spec.Kind}:{spec.Id}");
}
