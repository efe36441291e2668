using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Darkroom.Models.Files.Safetensors;

/// <summary>Reads a tensor's values out of its file.</summary>
internal static class StoredValues
{
    /// <summary>All values as float32, in the order in which they lie in the file, scale applied.</summary>
    /// <exception cref="NotSupportedException">The values are no floating-point numbers, or the tensor is transposed.</exception>
    /// <exception cref="IOException">The file cannot be read, or is shorter than its header said.</exception>
    public static float[] ReadFloats(this StoredTensor tensor)
    {
        if (tensor.Transposed) throw new NotSupportedException($"{tensor.Name} is transposed");
        byte[] bytes = ReadBytes(tensor);
        float[] values = new float[tensor.Count];
        switch (tensor.Type)
        {
            case StoredType.F32:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                break;
            case StoredType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
                break;
            case StoredType.BF16:
                var halves = MemoryMarshal.Cast<byte, ushort>(bytes);
                // The upper half of a float32.
                for (int i = 0; i < values.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                break;
            case StoredType.F64:
                var doubles = MemoryMarshal.Cast<byte, double>(bytes);
                for (int i = 0; i < values.Length; i++) values[i] = (float)doubles[i];
                break;
            case StoredType.F8E4M3:
                for (int i = 0; i < values.Length; i++) values[i] = OfE4M3(bytes[i]);
                break;
            case StoredType.F8E5M2:
                // The upper half of a float16.
                for (int i = 0; i < values.Length; i++) values[i] = (float)BitConverter.UInt16BitsToHalf((ushort)(bytes[i] << 8));
                break;
            default:
                throw new NotSupportedException($"{tensor.Name} is of type {tensor.Type}, no floating-point number");
        }
        if (tensor.Scale is { } scale) TensorPrimitives.Multiply(values, scale.ReadFloats()[0], values);
        return values;
    }

    private static byte[] ReadBytes(StoredTensor tensor)
    {
        byte[] bytes = new byte[tensor.Bytes];
        using var file = File.OpenHandle(tensor.Path);
        int read = 0;
        while (read < bytes.Length)
        {
            int count = RandomAccess.Read(file, bytes.AsSpan(read), tensor.Offset + read);
            if (count == 0) throw new EndOfStreamException($"{Path.GetFileName(tensor.Path)} ends inside of {tensor.Name}");
            read += count;
        }
        return bytes;
    }

    /// <summary>
    /// One sign, four bits of exponent with a bias of 7, three of mantissa; no infinities, all ones are no number (Micikevicius et al., 2022).
    /// </summary>
    private static float OfE4M3(byte bits)
    {
        int exponent = (bits >> 3) & 15, mantissa = bits & 7;
        float size = (bits & 0x7F) == 0x7F ? float.NaN
            : exponent == 0 ? mantissa * 0.001953125f // 2^-9
            : MathF.ScaleB(1 + mantissa / 8f, exponent - 7);
        return bits >= 0x80 ? -size : size;
    }
}
