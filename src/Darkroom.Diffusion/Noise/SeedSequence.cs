namespace Darkroom.Diffusion.Noise;

/// <summary>
/// numpy's <c>SeedSequence</c> (after O'Neill's <c>seed_seq_fe</c>): spreads one number and a spawn key over a pool of words, from which
/// any count of well mixed seeds is read.
/// </summary>
public static class SeedSequence
{
    private const int MaxPool = 64, WordsOfEntropy = 4, WordsOfKey = 2;
    private const uint HashStart = 0x43B0D7E5, HashFactor = 0x931E8875;
    private const uint ReadStart = 0x8B51F9DD, ReadFactor = 0x58F38DED;
    private const uint MixLeft = 0xCA01F9DD, MixRight = 0x4973F715;

    /// <summary>The first words of a sequence: numpy's <c>SeedSequence(entropy, spawn_key, pool_size).generate_state(n)</c>.</summary>
    /// <param name="words">Filled with the state.</param>
    /// <param name="entropy">The seed.</param>
    /// <param name="spawnKey">Where in a tree of sequences this one stands; empty at the top.</param>
    /// <param name="poolSize">Words in the pool, 4…64; numpy's default is 4.</param>
    public static void Generate(Span<uint> words, UInt128 entropy, ReadOnlySpan<ulong> spawnKey, int poolSize = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(poolSize, 4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(poolSize, MaxPool);
        Span<uint> room = stackalloc uint[MaxPool + WordsOfEntropy + WordsOfKey * spawnKey.Length];
        Span<uint> pool = stackalloc uint[poolSize];
        Fill(pool, room[..Gather(room, entropy, spawnKey, poolSize)]);

        uint factor = ReadStart;
        for (int i = 0; i < words.Length; i++)
        {
            uint word = pool[i % poolSize] ^ factor;
            factor *= ReadFactor;
            word *= factor;
            words[i] = word ^ word >> 16;
        }
    }

    /// <summary>Entropy and key as words, lowest first; returns their count.</summary>
    private static int Gather(Span<uint> input, UInt128 entropy, ReadOnlySpan<ulong> spawnKey, int poolSize)
    {
        int count = Split(entropy, input);
        if (spawnKey.Length > 0 && count < poolSize)
        {
            // Zeros keep a spawn key apart from entropy that happens to end in the same words.
            input[count..poolSize].Clear();
            count = poolSize;
        }
        foreach (ulong key in spawnKey)
            count += Split(key, input[count..]);
        return count;
    }

    /// <summary>Hashes the input into the pool, every word into every other.</summary>
    private static void Fill(Span<uint> pool, ReadOnlySpan<uint> input)
    {
        uint hash = HashStart;
        for (int i = 0; i < pool.Length; i++)
            pool[i] = Hash(i < input.Length ? input[i] : 0, ref hash);
        for (int from = 0; from < pool.Length; from++)
        {
            for (int to = 0; to < pool.Length; to++)
                if (from != to) pool[to] = Mix(pool[to], Hash(pool[from], ref hash));
        }
        for (int from = pool.Length; from < input.Length; from++)
        {
            for (int to = 0; to < pool.Length; to++)
                pool[to] = Mix(pool[to], Hash(input[from], ref hash));
        }
    }

    private static uint Hash(uint word, ref uint hash)
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
