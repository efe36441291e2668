using System.Numerics;

namespace Darkroom.Diffusion.Noise;

/// <summary>
/// MT19937, the 32-bit Mersenne Twister (Matsumoto and Nishimura 1998) with its 2002 seeding. Words are made 624 at a time and handed out in
/// runs, so that the reader can turn many into numbers at once.
/// </summary>
internal sealed class MersenneTwister
{
    private const int Size = 624, Middle = 397;
    private const uint Twisting = 0x9908B0DF, UpperBit = 0x80000000, LowerBits = 0x7FFFFFFF;

    private readonly uint[] state = new uint[Size];
    private readonly uint[] words = new uint[Size];
    private ulong refills;
    private int next;

    public MersenneTwister(uint seed) => Seed(seed);

    /// <summary>Words handed out since the seed.</summary>
    public ulong Consumed => refills * Size + (ulong)next - Size;

    public void Seed(uint seed)
    {
        state[0] = seed;
        for (int i = 1; i < Size; i++)
        {
            uint before = state[i - 1];
            state[i] = 1812433253u * (before ^ (before >> 30)) + (uint)i;
        }
        refills = 0;
        next = Size;
    }

    /// <summary>Goes from the seed to the place where so many words have been handed out.</summary>
    public void SkipTo(ulong consumed)
    {
        ulong target = consumed / Size + (consumed % Size == 0 ? 0u : 1u);
        if (target == 0) return;
        while (refills < target)
            Twist();
        Temper();
        next = (int)(consumed - (target - 1) * Size);
    }

    public uint Next() => Take(1)[0];

    /// <summary>The first of two words is the high half.</summary>
    public ulong NextPair()
    {
        ulong high = Next();
        return high << 32 | Next();
    }

    /// <summary>The next words: at least one, at most <paramref name="atMost"/>, as many as are ready. Valid until the next call.</summary>
    public ReadOnlySpan<uint> Take(int atMost)
    {
        if (next == Size)
        {
            Twist();
            Temper();
            next = 0;
        }
        var run = words.AsSpan(next, Math.Min(atMost, Size - next));
        next += run.Length;
        return run;
    }

    private void Twist()
    {
        // Word i needs i + 1 (old) and i + 397 (old up to 227, then already new): both lie further off than a vector is wide.
        Twist(0, Size - Middle, Middle);
        Twist(Size - Middle, Size - 1, Middle - Size);
        uint joined = state[Size - 1] & UpperBit | state[0] & LowerBits;
        state[Size - 1] = state[Middle - 1] ^ joined >> 1 ^ (joined & 1) * Twisting;
        refills++;
    }

    private void Twist(int from, int to, int distance)
    {
        int i = from, width = Vector<uint>.Count;
        for (; i <= to - width; i += width)
        {
            var joined = new Vector<uint>(state, i) & new Vector<uint>(UpperBit) | new Vector<uint>(state, i + 1) & new Vector<uint>(LowerBits);
            var odd = (Vector<uint>.Zero - (joined & Vector<uint>.One)) & new Vector<uint>(Twisting);
            (new Vector<uint>(state, i + distance) ^ joined >> 1 ^ odd).CopyTo(state, i);
        }
        for (; i < to; i++)
        {
            uint joined = state[i] & UpperBit | state[i + 1] & LowerBits;
            state[i] = state[i + distance] ^ joined >> 1 ^ (joined & 1) * Twisting;
        }
    }

    private void Temper()
    {
        int i = 0, width = Vector<uint>.Count;
        for (; i <= Size - width; i += width)
        {
            var word = new Vector<uint>(state, i);
            word ^= word >> 11;
            word ^= word << 7 & new Vector<uint>(0x9D2C5680);
            word ^= word << 15 & new Vector<uint>(0xEFC60000);
            word ^= word >> 18;
            word.CopyTo(words, i);
        }
    }
}
