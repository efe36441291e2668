using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>Whether networks can run on an NVIDIA GPU here, and in plain words why not.</summary>
public static class CudaSupport
{
    private const string Provider = "CUDAExecutionProvider";
    private const int MiB = 1024 * 1024;

    /// <summary>Whether this build has the provider at all.</summary>
    public static bool IsBuilt => Array.Exists(OrtEnv.Instance().GetAvailableProviders(), name => name == Provider);

    /// <summary>What is missing for a GPU, a sentence; null where nothing is.</summary>
    /// <param name="id">Which, from 0.</param>
    public static string? FaultOf(int id)
    {
        if (!IsBuilt) return "This build runs on the CPU alone: the GPU build is made with -p:OnnxRuntime=Gpu.";
        if (CudaLibraries.Missing() is { Count: > 0 } missing)
            return $"Not found on this machine: {string.Join(", ", missing)}. Install them, or name their folder in LD_LIBRARY_PATH.";
        if (CudaDriver.Devices() is { } devices && !devices.Any(device => device.Id == id))
            return devices.Count == 0 ? "NVIDIA's driver sees no GPU." : $"There is no such GPU: {Names(devices)}.";
        try
        {
            using var options = new SessionOptions();
            options.AppendExecutionProvider_CUDA(id);
            return null;
        }
        catch (Exception refused) when (refused is OnnxRuntimeException or EntryPointNotFoundException)
        {
            return $"ONNX Runtime cannot use it: {refused.Message.ReplaceLineEndings(" ")}";
        }
    }

    /// <summary>A GPU that can be used, for a person: its name and memory, and what the driver is good for.</summary>
    /// <param name="id">Which, from 0.</param>
    public static string Describe(int id)
    {
        var device = CudaDriver.Devices()?.FirstOrDefault(one => one.Id == id);
        return device is null ? "a GPU"
            : string.Create(CultureInfo.InvariantCulture, $"{device.Name}, {device.Bytes / MiB} MiB, with a driver for CUDA {CudaDriver.Version()}");
    }

    private static string Names(IEnumerable<CudaDevice> devices) => string.Join(", ", devices.Select(device =>
        string.Create(CultureInfo.InvariantCulture, $"cuda:{device.Id} is {device.Name}")));
}
