using System.Runtime.InteropServices;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Energy;

/// <summary>What the machine tells of a device: its name, and its energy.</summary>
internal static class DeviceFacts
{
    /// <summary>The meter of a device; null where the machine does not tell its energy.</summary>
    public static IEnergyMeter? MeterOf(DeviceSpec spec) => spec.Kind == DeviceSpec.Cpu ? PowercapMeter.Open() : NvidiaMeter.Open(spec.Id);

    /// <summary>What people call it.</summary>
    public static string NameOf(DeviceSpec spec)
    {
        if (spec.Kind == DeviceSpec.Cpu) return Processor.Value;
        var library = NvidiaLibrary.OfMachine;
        string which = NvidiaMeter.NameOf(spec.Id, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES"));
        return library?.Find(which) is { } device && library.TitleOf(device) is { } title ? title : $"CUDA device {spec.Id}";
    }

    /// <summary>Threads of a call that has the device alone.</summary>
    public static int ThreadsOf(DeviceSpec spec) => spec.Kind != DeviceSpec.Cpu ? 1 : spec.Threads > 0 ? spec.Threads : Environment.ProcessorCount;

    private static readonly Lazy<string> Processor = new(() => ProcessorOf("/proc/cpuinfo"));

    internal static string ProcessorOf(string file)
    {
        const string key = "model name";
        if (File.Exists(file))
            foreach (string line in File.ReadLines(file))
                if (line.StartsWith(key, StringComparison.Ordinal) && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var at)
                    return line[(at + 1)..].Trim();
        return RuntimeInformation.ProcessArchitecture.ToString();
    }
}
