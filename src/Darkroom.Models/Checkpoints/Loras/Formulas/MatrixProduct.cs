using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Darkroom.Models.Checkpoints.Loras.Formulas;

/// <summary>Adds the product of two thin matrices to a large one: what merging a LoRA takes its time for.</summary>
internal static class MatrixProduct
{
    /// <summary>Rows and vectors of the sums that are kept in registers together: twelve sums, two vectors to multiply by and one factor.</summary>
    private const int Tall = 6, Wide = 2;

    /// <summary>Panels that stay in a core's second cache while all rows go by, and along which a row is written in one run.</summary>
    private const int Block = 32;

    private static int Panel => Wide * Vector<float>.Count;

    /// <summary>sums += left · right.</summary>
    /// <param name="sums">[n, columns].</param>
    /// <param name="left">[n, rank].</param>
    /// <param name="right">[rank, columns].</param>
    public static void Add(Span<float> sums, ReadOnlySpan<float> left, ReadOnlySpan<float> right, int rank)
    {
        int rows = left.Length / rank, columns = right.Length / rank;
        float[] panels = new float[Math.Min(Block, (columns + Panel - 1) / Panel) * rank * Panel];
        for (int first = 0; first < columns; first += Block * Panel)
        {
            int width = Math.Min(Block * Panel, columns - first);
            // Side by side, so that they are read from a core's own caches for all rows.
            for (int column = 0; column < width; column += Panel)
                for (int k = 0; k < rank; k++)
                    right.Slice(k * columns + first + column, Math.Min(Panel, width - column)).CopyTo(panels.AsSpan(column * rank + k * Panel));
            int row = 0;
            for (; row + Tall <= rows; row += Tall) AddRows(Tall, sums[(row * columns + first)..], width, columns, left.Slice(row * rank, Tall * rank), panels);
            for (; row < rows; row++) AddRows(1, sums[(row * columns + first)..], width, columns, left.Slice(row * rank, rank), panels);
        }
    }

    /// <summary>One row, or as many as are summed together, along a block of panels.</summary>
    private static void AddRows(int rows, Span<float> sums, int width, int columns, ReadOnlySpan<float> left, ReadOnlySpan<float> panels)
    {
        int rank = left.Length / rows;
        Span<float> edge = stackalloc float[Panel]; // what a narrow panel leaves in it counts for nothing
        for (int column = 0; column < width; column += Panel)
        {
            var panel = panels.Slice(column * rank, rank * Panel);
            int here = Math.Min(Panel, width - column);
            if (rows == Tall && here == Panel)
            {
                AddTile(sums[column..], columns, left, panel, rank);
                continue;
            }
            for (int row = 0; row < rows; row++)
            {
                var target = sums.Slice(row * columns + column, here);
                target.CopyTo(edge);
                AddRow(edge, left.Slice(row * rank, rank), panel);
                edge[..here].CopyTo(target);
            }
        }
    }

    private static void AddRow(Span<float> sums, ReadOnlySpan<float> left, ReadOnlySpan<float> panel)
    {
        int one = Vector<float>.Count;
        Vector<float> first = new(sums), second = new(sums[one..]);
        for (int k = 0; k < left.Length; k++)
        {
            var factor = new Vector<float>(left[k]);
            first = Vector.FusedMultiplyAdd(factor, new(panel[(k * Panel)..]), first);
            second = Vector.FusedMultiplyAdd(factor, new(panel[(k * Panel + one)..]), second);
        }
        first.CopyTo(sums);
        second.CopyTo(sums[one..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile(Span<float> sums, int columns, ReadOnlySpan<float> left, ReadOnlySpan<float> panel, int rank)
    {
        nuint one = (nuint)Vector<float>.Count, stride = (nuint)rank;
        ref float at = ref MemoryMarshal.GetReference(left), right = ref MemoryMarshal.GetReference(panel);
        Vector<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
        Vector<float> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        for (nuint k = 0; k < stride; k++)
        {
            Vector<float> low = Vector.LoadUnsafe(ref right, k * 2 * one), high = Vector.LoadUnsafe(ref right, k * 2 * one + one);
            var factor = new Vector<float>(Unsafe.Add(ref at, k));
            (a0, a1) = (Vector.FusedMultiplyAdd(factor, low, a0), Vector.FusedMultiplyAdd(factor, high, a1));
            factor = new Vector<float>(Unsafe.Add(ref at, k + stride));
            (b0, b1) = (Vector.FusedMultiplyAdd(factor, low, b0), Vector.FusedMultiplyAdd(factor, high, b1));
            factor = new Vector<float>(Unsafe.Add(ref at, k + 2 * stride));
            (c0, c1) = (Vector.FusedMultiplyAdd(factor, low, c0), Vector.FusedMultiplyAdd(factor, high, c1));
            factor = new Vector<float>(Unsafe.Add(ref at, k + 3 * stride));
            (d0, d1) = (Vector.FusedMultiplyAdd(factor, low, d0), Vector.FusedMultiplyAdd(factor, high, d1));
            factor = new Vector<float>(Unsafe.Add(ref at, k + 4 * stride));
            (e0, e1) = (Vector.FusedMultiplyAdd(factor, low, e0), Vector.FusedMultiplyAdd(factor, high, e1));
            factor = new Vector<float>(Unsafe.Add(ref at, k + 5 * stride));
            (f0, f1) = (Vector.FusedMultiplyAdd(factor, low, f0), Vector.FusedMultiplyAdd(factor, high, f1));
        }
        AddTo(sums, a0, a1);
        AddTo(sums[columns..], b0, b1);
        AddTo(sums[(2 * columns)..], c0, c1);
        AddTo(sums[(3 * columns)..], d0, d1);
        AddTo(sums[(4 * columns)..], e0, e1);
        AddTo(sums[(5 * columns)..], f0, f1);
    }

    private static void AddTo(Span<float> sums, Vector<float> low, Vector<float> high)
    {
        (new Vector<float>(sums) + low).CopyTo(sums);
        var rest = sums[Vector<float>.Count..];
        (new Vector<float>(rest) + high).CopyTo(rest);
    }
}
