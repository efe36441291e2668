namespace Darkroom.Diffusion.Noise;

/// <summary>
/// Philox4x32 with 10 rounds (Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3"): a keyed function from a counter to four
/// random words, without state.
/// </summary>
public static class Philox4x32
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53, Multiplier2 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;      // golden ratio, √3 − 1

    public static (uint Word0, uint Word1, uint Word2, uint Word3) Words(
        (uint Word0, uint Word1, uint Word2, uint Word3) counter, (uint Low, uint High) key)
    {
        var (c0, c1, c2, c3) = counter;
        var (k0, k1) = key;
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)c0 * Multiplier0, p2 = (ulong)c2 * Multiplier2;
            (c0, c1, c2, c3) = ((uint)(p2 >> 32) ^ c1 ^ k0, (uint)p2, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return (c0, c1, c2, c3);
    }
}
