using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>Memory of a device at addresses of one's own choice, and copies between it and the machine's.</summary>
internal interface IDeviceTransfer
{
    /// <summary>What makes tensors in the device's memory.</summary>
    OrtAllocator AllocatorOf(InferenceSession session);

    /// <summary>Copies to the device. The bytes may still be on their way when it returns; <see cref="Finish"/> waits for them.</summary>
    void ToDevice(nint target, nint source, long bytes);

    /// <summary>Waits for all that this thread copied to the device.</summary>
    void Finish();

    /// <summary>Copies from the device what calls that are done have written.</summary>
    void ToHost(nint target, nint source, long bytes);
}
