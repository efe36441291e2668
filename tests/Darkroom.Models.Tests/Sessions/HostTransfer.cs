using System.Runtime.InteropServices;
using Darkroom.Models.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Tests.Sessions;

/// <summary>A device whose memory is the machine's own: calls go the way that they go on a GPU, and what is copied is counted.</summary>
internal sealed class HostTransfer : IDeviceTransfer
{
    /// <summary>Bytes of each copy to the device, since this was emptied.</summary>
    public List<long> Sent { get; } = [];

    /// <summary>Copies from the device.</summary>
    public int Fetched { get; private set; }

    public bool Fails { get; init; }

    public OrtAllocator AllocatorOf(InferenceSession session)
    {
        using var place = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default);
        return new OrtAllocator(session, place);
    }

    public void ToDevice(nint target, nint source, long bytes)
    {
        if (Fails) throw new GraphException("CUDA error 900", GraphFault.Dead);
        Sent.Add(bytes);
        Copy(target, source, bytes);
    }

    public void Finish()
    {
    }

    public void ToHost(nint target, nint source, long bytes)
    {
        Fetched++;
        Copy(target, source, bytes);
    }

    private static void Copy(nint target, nint source, long bytes)
    {
        byte[] values = new byte[bytes];
        Marshal.Copy(source, values, 0, values.Length);
        Marshal.Copy(values, 0, target, values.Length);
    }
}
