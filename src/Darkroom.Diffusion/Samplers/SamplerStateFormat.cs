using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Darkroom.Diffusion.Samplers;

/// <summary>A sampler state as bytes: int32 length, begin, index, scalar count, slot values; then doubles; then floats. Little-endian.</summary>
public static class SamplerStateFormat
{
    private const int Header = 5 * sizeof(int);

    public static byte[] Write(SamplerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var bytes = new byte[Header + state.Scalars.Length * sizeof(double) + state.AllSlots.Length * sizeof(float)];
        ReadOnlySpan<int> head = [state.Length, state.Begin, state.Index, state.Scalars.Length, state.AllSlots.Length];
        for (int i = 0; i < head.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), head[i]);
        var scalars = bytes.AsSpan(Header, state.Scalars.Length * sizeof(double));
        MemoryMarshal.AsBytes(state.Scalars.AsSpan()).CopyTo(scalars);
        MemoryMarshal.AsBytes(state.AllSlots).CopyTo(bytes.AsSpan(Header + scalars.Length));
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes were not written for this sampler.</exception>
    public static SamplerState Read(ISampler sampler, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Header)
            throw new InvalidDataException($"A sampler state has at least {Header} bytes, not {bytes.Length}.");
        Span<int> head = stackalloc int[5];
        for (int i = 0; i < head.Length; i++)
            head[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        var state = new SamplerState(sampler, head[0], head[1]) { Index = head[2] };
        if (head[3] != state.Scalars.Length || head[4] != state.AllSlots.Length
            || bytes.Length != Header + head[3] * sizeof(double) + head[4] * sizeof(float))
            throw new InvalidDataException("The sampler state was written by another rule.");
        var scalars = bytes.Slice(Header, head[3] * sizeof(double));
        scalars.CopyTo(MemoryMarshal.AsBytes(state.Scalars.AsSpan()));
        bytes[(Header + scalars.Length)..].CopyTo(MemoryMarshal.AsBytes(state.AllSlots));
        return state;
    }
}
