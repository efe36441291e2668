using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Darkroom.Models.Graphs.Blocked;

/// <summary>The order of a convolution's weight where channels are in blocks of n: [O / n, I / n, h, w, n of I, n of O].</summary>
internal static class BlockedFilter
{
    /// <summary>Puts the weights of a block of outputs in order.</summary>
    /// <param name="rows">[n, I, h · w].</param>
    /// <param name="inputs">I, whole blocks.</param>
    /// <param name="block">n, a multiple of 4.</param>
    /// <param name="target">[I / n, h · w, n, n].</param>
    public static void Write(ReadOnlySpan<float> rows, int inputs, int block, Span<float> target)
    {
        int row = rows.Length / block, cells = row / inputs, run = block * cells; // run: a row's values for one block of inputs
        // Where each of the run goes: [n of I, h · w] to [h · w, n of I].
        Span<int> places = stackalloc int[run];
        for (int i = 0; i < run; i++) places[i] = (i % cells * block + i / cells) * block;
        for (int first = 0; first < row; first += run)
            Turn(rows[first..], row, places, block, target.Slice(first * block, run * block));
    }

    private static void Turn(ReadOnlySpan<float> from, int row, ReadOnlySpan<int> places, int block, Span<float> to)
    {
        for (int output = 0; output < block; output += 4)
        {
            ReadOnlySpan<float> a = from.Slice(output * row, places.Length), b = from.Slice((output + 1) * row, places.Length),
                c = from.Slice((output + 2) * row, places.Length), d = from.Slice((output + 3) * row, places.Length);
            for (int i = 0; i < places.Length; i += 4)
            {
                if (Sse.IsSupported)
                {
                    var (one, two, three, four) = (Vector128.Create(a.Slice(i, 4)), Vector128.Create(b.Slice(i, 4)), Vector128.Create(c.Slice(i, 4)),
                        Vector128.Create(d.Slice(i, 4)));
                    var (low, high) = (Sse.UnpackLow(one, two), Sse.UnpackHigh(one, two)); // a0 b0 a1 b1, a2 b2 a3 b3
                    var (lower, higher) = (Sse.UnpackLow(three, four), Sse.UnpackHigh(three, four));
                    Sse.MoveLowToHigh(low, lower).CopyTo(to.Slice(places[i] + output, 4));
                    Sse.MoveHighToLow(lower, low).CopyTo(to.Slice(places[i + 1] + output, 4));
                    Sse.MoveLowToHigh(high, higher).CopyTo(to.Slice(places[i + 2] + output, 4));
                    Sse.MoveHighToLow(higher, high).CopyTo(to.Slice(places[i + 3] + output, 4));
                    continue;
                }
                for (int j = i; j < i + 4; j++)
                    (to[places[j] + output], to[places[j] + output + 1], to[places[j] + output + 2], to[places[j] + output + 3]) = (a[j], b[j], c[j], d[j]);
            }
        }
    }
}
