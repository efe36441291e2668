using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Darkroom.Models.Sessions;

/// <summary>What NVIDIA's driver says of its GPUs. It is asked by its own stable interface, which needs nothing of CUDA's toolkit.</summary>
internal static class CudaDriver
{
    private const int Success = 0, MaxName = 256;

    private static readonly ConcurrentDictionary<int, nint> Contexts = new();

    /// <returns>The driver's GPUs in its order; null where there is no driver, or it does not work.</returns>
    public static IReadOnlyList<CudaDevice>? Devices()
    {
        try
        {
            if (cuInit(0) != Success || cuDeviceGetCount(out int count) != Success) return null;
            return [.. Enumerable.Range(0, count).Select(Describe).OfType<CudaDevice>()];
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>The highest version of CUDA that the driver runs, as 13.0; null where there is none.</summary>
    public static Version? Version()
    {
        try
        {
            return cuDriverGetVersion(out int version) == Success ? new(version / 1000, version % 1000 / 10) : null;
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>Copies to a GPU's memory, of the context that ONNX Runtime computes in. The bytes may be on their way still when it returns.</summary>
    /// <exception cref="GraphException">The driver refuses.</exception>
    public static void CopyToDevice(int id, nint target, nint source, long bytes)
    {
        Enter(id);
        Check(cuMemcpyHtoD_v2((nuint)target, source, (nuint)bytes), nameof(cuMemcpyHtoD_v2));
    }

    /// <summary>Waits for copies to a GPU that this thread began. The runtime's streams do not wait for them.</summary>
    /// <exception cref="GraphException">The driver refuses.</exception>
    public static void FinishCopies(int id)
    {
        Enter(id);
        Check(cuStreamSynchronize(0), nameof(cuStreamSynchronize));
    }

    /// <summary>Copies from a GPU's memory.</summary>
    /// <exception cref="GraphException">The driver refuses.</exception>
    public static void CopyToHost(int id, nint target, nint source, long bytes)
    {
        Enter(id);
        Check(cuMemcpyDtoH_v2(target, (nuint)source, (nuint)bytes), nameof(cuMemcpyDtoH_v2));
    }

    /// <summary>Has this thread work in the GPU's primary context, which is the one of CUDA's runtime, and so of ONNX Runtime's.</summary>
    private static void Enter(int id) => Check(cuCtxSetCurrent(Contexts.GetOrAdd(id, static id =>
    {
        Check(cuInit(0), nameof(cuInit));
        Check(cuDeviceGet(out int device, id), nameof(cuDeviceGet));
        Check(cuDevicePrimaryCtxRetain(out nint context, device), nameof(cuDevicePrimaryCtxRetain));
        return context;
    })), nameof(cuCtxSetCurrent));

    private static void Check(int code, string call)
    {
        if (code != Success) throw new GraphException(string.Create(CultureInfo.InvariantCulture, $"CUDA error {code} of {call}"), GraphFault.Dead);
    }

    private static CudaDevice? Describe(int id)
    {
        var name = new byte[MaxName];
        if (cuDeviceGet(out int device, id) != Success || cuDeviceGetName(name, name.Length, device) != Success) return null;
        return cuDeviceTotalMem_v2(out nuint bytes, device) != Success ? null
            : new(id, Encoding.UTF8.GetString(name.AsSpan(0, Math.Max(0, Array.IndexOf(name, (byte)0)))), (long)bytes);
    }

#pragma warning disable SA1300, IDE1006 // The driver's own names.
    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int cuInit(uint flags);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int cuDriverGetVersion(out int version);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int cuDeviceGetCount(out int count);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int cuDeviceGet(out int device, int ordinal);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int cuDeviceGetName([Out] byte[] name, int length, int device);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int cuDeviceTotalMem_v2(out nuint bytes, int device);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int cuDevicePrimaryCtxRetain(out nint context, int device);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int cuCtxSetCurrent(nint context);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int cuMemcpyHtoD_v2(nuint target, nint source, nuint bytes);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int cuMemcpyDtoH_v2(nint target, nuint source, nuint bytes);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int cuStreamSynchronize(nint stream);
#pragma warning restore SA1300, IDE1006

    // Windows has it as nvcuda.dll: there the name is not found, and the devices are not listed.
    private const string Library = "libcuda.so.1";
}

/// <summary>A GPU.</summary>
/// <param name="Id">As <c>cuda:N</c> has it.</param>
/// <param name="Name">As the driver calls it.</param>
/// <param name="Bytes">Of its memory.</param>
internal sealed record CudaDevice(int Id, string Name, long Bytes);
