using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Darkroom.Models.Files.Safetensors;

/// <summary>Reads tensors' values out of their files.</summary>
internal static class StoredValues
{
    /// <summary>All values as float32, row-major, scale applied.</summary>
    /// <exception cref="NotSupportedException">The values are no floating-point numbers.</exception>
    /// <exception cref="IOException">The file cannot be read, or is shorter than its header said.</exception>
    public static float[] ReadFloats(this StoredTensor tensor)
    {
        byte[] bytes = new byte[tensor.Bytes];
        using (var file = File.OpenHandle(tensor.Path)) tensor.Read(file, 0, bytes);
        float[] values = new float[tensor.Count];
        ToFloats(tensor.Type, bytes, values);
        if (tensor.Scale is { } scale) TensorPrimitives.Multiply(values, scale.ReadFloats()[0], values);
        if (!tensor.Transposed) return values;
        float[] turned = new float[values.Length];
        Turn(values, (int)tensor.Shape[1], (int)tensor.Shape[0], turned);
        return turned;
    }

    /// <summary>The other way round: to[column, row] = from[row, column].</summary>
    public static void Turn(ReadOnlySpan<float> from, int rows, int columns, Span<float> to)
    {
        const int Tile = 16; // by tiles, so that neither side leaves a core's cache
        for (int top = 0; top < rows; top += Tile)
            for (int left = 0; left < columns; left += Tile)
                for (int row = top; row < Math.Min(rows, top + Tile); row++)
                    for (int column = left; column < Math.Min(columns, left + Tile); column++) to[column * rows + row] = from[row * columns + column];
    }

    /// <summary>Some of a tensor's bytes, as they are stored.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="file">Its file, opened.</param>
    /// <param name="first">Of its own bytes the first to read.</param>
    /// <param name="bytes">Receives them.</param>
    /// <exception cref="IOException">The file cannot be read, or is shorter than its header said.</exception>
    public static void Read(this StoredTensor tensor, SafeFileHandle file, long first, Span<byte> bytes)
    {
        if (!tensor.HalvesSwapped)
        {
            ReadStored(tensor, file, first, bytes);
            return;
        }
        long half = tensor.Bytes / 2;
        int before = (int)Math.Clamp(half - first, 0, bytes.Length); // of the half that is read first, which is the file's second
        ReadStored(tensor, file, first + half, bytes[..before]);
        ReadStored(tensor, file, first + before - half, bytes[before..]);
    }

    private static void ReadStored(StoredTensor tensor, SafeFileHandle file, long first, Span<byte> bytes)
    {
        for (int read = 0; read < bytes.Length;)
        {
            int count = RandomAccess.Read(file, bytes[read..], tensor.Offset + first + read);
            if (count == 0) throw new EndOfStreamException($"{Path.GetFileName(tensor.Path)} ends inside of {tensor.Name}");
            read += count;
        }
    }

    /// <summary>Stored values as float32; exact but for float64. Whole numbers of 8 bits are those of exports, without their scale.</summary>
    /// <exception cref="NotSupportedException">They are no floating-point numbers.</exception>
    public static void ToFloats(StoredType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (type)
        {
            case StoredType.F32:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                break;
            case StoredType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
                break;
            case StoredType.BF16:
                // The upper half of a float32.
                var upper = MemoryMarshal.Cast<float, uint>(values);
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, ushort>(bytes), upper);
                TensorPrimitives.ShiftLeft(upper, 16, upper);
                break;
            case StoredType.F64:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), values);
                break;
            case StoredType.F8E4M3:
                for (int i = 0; i < values.Length; i++) values[i] = E4M3[bytes[i]];
                break;
            case StoredType.F8E5M2:
                // The upper half of a float16.
                for (int i = 0; i < values.Length; i++) values[i] = (float)BitConverter.UInt16BitsToHalf((ushort)(bytes[i] << 8));
                break;
            case StoredType.I8:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, sbyte>(bytes), values);
                break;
            case StoredType.U8:
                TensorPrimitives.ConvertTruncating(bytes, values);
                break;
            default:
                throw new NotSupportedException($"{type} is no type of floating-point numbers");
        }
    }

    private static readonly float[] E4M3 = [.. Enumerable.Range(0, 256).Select(bits => OfE4M3((byte)bits))];

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
