using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Sessions;

/// <summary>Makes whole numbers and a scale of float32 values, each rounded to the nearest; symmetric, so zero stays zero.</summary>
internal static class RowQuantiser
{
    /// <summary>Added to a float32 of small magnitude it leaves the nearest whole number in the lowest bits: 1.5 · 2^23.</summary>
    private const float Rounding = 12582912;

    /// <summary>
    /// Whether products of unsigned activations with signed weights may go beyond what they are summed in. Without instructions that sum four products at
    /// once (AVX-512 VNNI, AVX-VNNI), x86 kernels sum pairs in 16 bits, which 255 · 127 · 2 exceeds. Products of two unsigned bytes are summed in 32.
    /// </summary>
    public static bool SumsPairsIn16Bits { get; } = LacksVectorSums();

    /// <summary>
    /// The scale for some values: the largest magnitude is the largest level. 1 where all are zero, or too small for a scale of full precision.
    /// </summary>
    public static float ScaleOf(ReadOnlySpan<float> values, int maxLevel)
    {
        float scale = (values.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(values))) / maxLevel;
        return float.IsNormal(scale) && float.IsNormal(1 / scale) ? scale : 1;
    }

    /// <summary>Whole numbers nearest to values divided by a scale.</summary>
    public static void Quantise(ReadOnlySpan<float> values, float scale, int maxLevel, Span<sbyte> levels)
    {
        float inverse = 1 / scale;
        int done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float from = ref MemoryMarshal.GetReference(values);
            ref sbyte to = ref MemoryMarshal.GetReference(levels);
            var (factor, rounding) = (Vector256.Create(inverse), Vector256.Create(Rounding));
            var (least, most) = (Vector256.Create((float)-maxLevel), Vector256.Create((float)maxLevel));
            for (; done <= values.Length - 32; done += 32)
            {
                var first = Vector256.Narrow(Round(ref from, done), Round(ref from, done + 8));
                var second = Vector256.Narrow(Round(ref from, done + 16), Round(ref from, done + 24));
                Vector256.Narrow(first, second).StoreUnsafe(ref to, (nuint)done);
            }

            Vector256<int> Round(ref float source, int at) =>
                (Vector256.Min(Vector256.Max(Vector256.LoadUnsafe(ref source, (nuint)at) * factor, least), most) + rounding).AsInt32();
        }
        for (; done < values.Length; done++) levels[done] = (sbyte)float.Round(Math.Clamp(values[done] * inverse, -maxLevel, maxLevel));
    }

    /// <summary>
    /// A row in blocks: bytes around 128, or two numbers of 4 bits around 8 in each byte, the lower first. What is behind the row's end is zero.
    /// </summary>
    /// <param name="values">The row.</param>
    /// <param name="form">Its blocks.</param>
    /// <param name="levels">Room for a block.</param>
    /// <param name="bytes">Receives the row.</param>
    /// <param name="scales">Receives one for each block.</param>
    public static void QuantiseBlocks(ReadOnlySpan<float> values, QuantisedForm form, Span<sbyte> levels, Span<byte> bytes, Span<float> scales)
    {
        int size = form.Block * form.Bits / 8;
        for (int block = 0; block < scales.Length; block++)
        {
            var part = values.Slice(block * form.Block, Math.Min(form.Block, values.Length - block * form.Block));
            scales[block] = ScaleOf(part, form.MaxLevel);
            var whole = levels[..form.Block];
            whole[part.Length..].Clear();
            Quantise(part, scales[block], form.MaxLevel, whole);
            var target = bytes.Slice(block * size, size);
            if (form.Bits == 8) TensorPrimitives.Xor(MemoryMarshal.Cast<sbyte, byte>(whole), QuantisedForm.Middle, target);
            else for (int i = 0; i < size; i++) target[i] = (byte)((whole[2 * i] + 8) | ((whole[2 * i + 1] + 8) << 4));
        }
    }

    private static bool LacksVectorSums()
    {
        if (!X86Base.IsSupported) return false;
        const int Features = 7, Avx512Vnni = 1 << 11, AvxVnni = 1 << 4;
        return X86Base.CpuId(0, 0).Eax < Features
            || ((X86Base.CpuId(Features, 0).Ecx & Avx512Vnni) == 0 && (X86Base.CpuId(Features, 1).Eax & AvxVnni) == 0);
    }
}
