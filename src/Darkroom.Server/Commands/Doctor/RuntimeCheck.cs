using System.Runtime.InteropServices;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>The runtime and the processor: native libraries come for 64-bit x86 and Arm.</summary>
internal sealed class RuntimeCheck : IDoctorCheck
{
    public string Name => "runtime";

    public IEnumerable<Finding> Run()
    {
        var system = RuntimeInformation.OSDescription.Trim();
        yield return new(true, $"{RuntimeInformation.FrameworkDescription} on {system}, {Environment.ProcessorCount} processors");
        if (RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
            yield return new(false, $"The process runs as {RuntimeInformation.ProcessArchitecture}; use a 64-bit runtime.");
    }
}
