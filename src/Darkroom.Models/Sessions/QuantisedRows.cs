using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Sessions;

/// <summary>Writes rows of a weight, quantised, where they belong in memory.</summary>
internal static unsafe class QuantisedRows
{
    /// <param name="form">How they are to lie there.</param>
    /// <param name="values">The rows, one behind the other.</param>
    /// <param name="first">The place of the first of them.</param>
    /// <param name="all">Rows of the whole weight.</param>
    /// <param name="columns">Values of a row: of a convolution channels, each with its kernel.</param>
    /// <param name="channels">Of a convolution, of a matrix the columns themselves. In memory those of one place of the kernel lie together.</param>
    /// <param name="place">The weight's first byte.</param>
    public static void Write(QuantisedForm form, ReadOnlySpan<float> values, int first, int all, int columns, int channels, byte* place)
    {
        int rows = values.Length / columns;
        int blocks = (int)form.BlocksOf(columns);
        var scales = new Span<float>(place + form.ScalesAt(all, columns) + sizeof(float) * (long)first * blocks, rows * blocks);
        if (form.IsTurned)
        {
            WriteTurned(form, values, scales, new((sbyte*)place + first, all), columns, columns / channels);
            return;
        }
        long size = form.RowBytes(columns);
        Span<sbyte> levels = stackalloc sbyte[form.Block];
        for (int row = 0; row < rows; row++)
            RowQuantiser.QuantiseBlocks(values.Slice(row * columns, columns), form, levels, new(place + (first + row) * size, (int)size),
                scales.Slice(row * blocks, blocks));
    }

    private static void WriteTurned(QuantisedForm form, ReadOnlySpan<float> values, Span<float> scales, Target target, int columns, int kernel)
    {
        int rows = scales.Length, channels = columns / kernel;
        sbyte[] levels = ArrayPool<sbyte>.Shared.Rent(rows * columns);
        for (int row = 0; row < rows; row++)
        {
            var from = values.Slice(row * columns, columns);
            scales[row] = RowQuantiser.ScaleOf(from, form.MaxLevel);
            RowQuantiser.Quantise(from, scales[row], form.MaxLevel, levels.AsSpan(row * columns, columns));
        }
        if (form.IsUnsigned)
        {
            var bytes = MemoryMarshal.AsBytes(levels.AsSpan(0, rows * columns));
            TensorPrimitives.Xor(bytes, QuantisedForm.Middle, bytes);
        }
        // Tiles of a cache line both ways: what is read and what is written stays in the first cache.
        const int Tile = 64;
        fixed (sbyte* all = levels)
        {
            for (int top = 0; top < rows; top += Tile)
            {
                int height = Math.Min(Tile, rows - top);
                for (int left = 0; left < columns; left += Tile)
                {
                    int right = Math.Min(columns, left + Tile);
                    for (int column = left; column < right; column++)
                    {
                        // Stored as [channel, place in the kernel], wanted the other way round.
                        sbyte* to = target.First + (long)(column % kernel * channels + column / kernel) * target.Stride + top;
                        sbyte* from = all + (long)top * columns + column;
                        for (int row = 0; row < height; row++, from += columns) to[row] = *from;
                    }
                }
            }
        }
        ArrayPool<sbyte>.Shared.Return(levels);
    }

    private readonly struct Target(sbyte* first, int stride)
    {
        public sbyte* First { get; } = first;

        public int Stride { get; } = stride;
    }
}
