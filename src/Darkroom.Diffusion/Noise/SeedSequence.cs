namespace Darkroom.Diffusion.Noise;

/// <summary>
/// numpy's <c>SeedSequence</c> (after O'Neill's <c>seed_seq_fe</c>): spreads one number and a spawn key over a pool of words, from which
/// any count of well mixed seeds is read.
/// </summary>
public sealed class SeedSequence
{
    private const int MaxPool = 64, WordsOfEntropy = 4;
    private const uint HashStart = 0x43B0D7E5, HashFactor = 0x931E8875;
    private const uint ReadStart = 0x8B51F9DD, ReadFactor = 0x58F38DED;
    private const uint MixLeft = 0xCA01F9DD, MixRight = 0x4973F715;

    private readonly uint[] pool;
    private uint hash = HashStart;

    /// <param name="entropy">The seed.</param>
    /// <param name="spawnKey">Where in a tree of sequences this one stands; empty at the top.</param>
    /// <param name="poolSize">Words in the pool, 4…64; numpy's default is 4.</param>
    public SeedSequence(UInt128 entropy, ReadOnlySpan<ulong> spawnKey, int poolSize = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(poolSize, 4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(poolSize, MaxPool);
        Span<uint> input = stackalloc uint[MaxPool + WordsOfEntropy + 2 * spawnKey.Length];
        int count = Split(entropy, input);
        if (spawnKey.Length > 0 && count < poolSize)
        {
            // Zeros keep a spawn key apart from entropy that happens to end in the same words.
            input[count..poolSize].Clear();
            count = poolSize;
        }
        foreach (ulong key in spawnKey)
            count += Split(key, input[count..]);

        pool = new uint[poolSize];
        for (int i = 0; i < poolSize; i++)
            pool[i] = Hash(i < count ? input[i] : 0);
        for (int from = 0; from < poolSize; from++)
        {
            for (int to = 0; to < poolSize; to++)
                if (from != to) pool[to] = Mix(pool[to], Hash(pool[from]));
        }
        for (int from = poolSize; from < count; from++)
        {
            for (int to = 0; to < poolSize; to++)
                pool[to] = Mix(pool[to], Hash(input[from]));
        }
    }

    /// <summary>The first words of the sequence (<c>generate_state</c>); the same at every call.</summary>
    public void GenerateState(Span<uint> words)
    {
        uint factor = ReadStart;
        for (int i = 0; i < words.Length; i++)
        {
            uint word = pool[i % pool.Length] ^ factor;
            factor *= ReadFactor;
            word *= factor;
            words[i] = word ^ word >> 16;
        }
    }

    private uint Hash(uint word)
    {
        word ^= hash;
        hash *= HashFactor;
        word *= hash;
        return word ^ word >> 16;
    }

    private static uint Mix(uint x, uint y)
    {
        uint mixed = MixLeft * x - MixRight * y;
        return mixed ^ mixed >> 16;
    }

    /// <summary>32-bit words, lowest first; zero is one word.</summary>
    private static int Split(UInt128 number, Span<uint> words)
    {
        int count = 0;
        do
        {
            words[count++] = (uint)number;
            number >>= 32;
        }
        while (number != 0);
        return count;
    }
}
