using System.Runtime.InteropServices;

namespace Darkroom.Storage.Keeping;

/// <summary>Bytes in memory as a stream, without copying them.</summary>
internal static class HeldBytes
{
    public static MemoryStream AsStream(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new(array.Array!, array.Offset, array.Count, writable: false, publiclyVisible: true)
        : new(bytes.ToArray(), writable: false);
}
