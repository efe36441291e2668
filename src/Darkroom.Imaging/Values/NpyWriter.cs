using System.Buffers.Binary;
using System.Text;

namespace Darkroom.Imaging.Values;

/// <summary>
/// A picture as an array file of numpy (NEP 1, version 1.0), little-endian and in C order: [H, W] for one channel, [H, W, C] for more. The same values give
/// the same bytes.
/// </summary>
internal static class NpyWriter
{
    private const int Alignment = 64, Prefix = 10;

    /// <param name="values">1…16 channels.</param>
    /// <param name="bits">8 and 16: whole numbers; 32: float32, the values as they are.</param>
    public static byte[] Write(PictureValues values, int bits)
    {
        string type = bits switch
        {
            8 => "|u1", 16 => "<u2", 32 => "<f4", _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "8, 16 and 32 bits are written."),
        };
        string shape = values.Channels == 1 ? $"{values.Height}, {values.Width}" : $"{values.Height}, {values.Width}, {values.Channels}";
        string line = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}";
        // Blanks up to the line's end, so that values begin at a multiple of 64.
        int start = (Prefix + line.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] file = new byte[checked(start + (long)values.Planes.Length * bits / 8)];
        PictureInfo.NpySignature.CopyTo(file);
        file[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)(start - Prefix));
        file.AsSpan(Prefix, start - Prefix).Fill((byte)' ');
        Encoding.ASCII.GetBytes(line, file.AsSpan(Prefix));
        file[start - 1] = (byte)'\n';
        Fill(values, bits, file.AsSpan(start));
        return file;
    }

    private static void Fill(PictureValues values, int bits, Span<byte> to)
    {
        if (bits == 8)
        {
            ValueConversion.ToBytes(values).CopyTo(to);
            return;
        }
        int i = 0;
        if (bits == 16)
            foreach (ushort value in ValueConversion.ToShorts(values)) BinaryPrimitives.WriteUInt16LittleEndian(to[(2 * i++)..], value);
        else
            foreach (float value in ValueConversion.Interleaved(values)) BinaryPrimitives.WriteSingleLittleEndian(to[(4 * i++)..], value);
    }
}
