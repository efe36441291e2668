using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>
/// Where a tensor of ONNX Runtime's lies in the machine's memory. Asking the tensor itself makes arrays of its shape each time; a tensor never moves, so asking
/// once is enough. Valid as long as the tensor is not disposed of.
/// </summary>
internal readonly struct TensorMemory
{
    private readonly nint address;
    private readonly int bytes;

    public TensorMemory(OrtValue tensor)
    {
        var memory = tensor.GetTensorMutableRawData();
        (address, bytes) = (Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref MemoryMarshal.GetReference(memory)), memory.Length);
    }

    /// <summary>Where it begins. Nothing may be read there where the tensor lies in a device's memory.</summary>
    public nint Address => address;

    public int Bytes => bytes;

    /// <summary>Its values; <typeparamref name="T"/> must be what the tensor holds.</summary>
    public Span<T> As<T>() where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref Unsafe.AddByteOffset(ref Unsafe.NullRef<T>(), address), bytes / Unsafe.SizeOf<T>());
}
