using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>A GPU's memory. Copies go through the driver: ONNX Runtime copies for plain calls alone, where it chooses the addresses.</summary>
/// <param name="id">Which GPU, from 0.</param>
internal sealed class CudaTransfer(int id) : IDeviceTransfer
{
    public OrtAllocator AllocatorOf(InferenceSession session)
    {
        using var place = new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, id, OrtMemType.Default);
        return new OrtAllocator(session, place);
    }

    public void ToDevice(nint target, nint source, long bytes) => CudaDriver.CopyToDevice(id, target, source, bytes);

    public void Finish() => CudaDriver.FinishCopies(id);

    public void ToHost(nint target, nint source, long bytes) => CudaDriver.CopyToHost(id, target, source, bytes);
}
