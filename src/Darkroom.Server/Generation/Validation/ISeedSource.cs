using System.Security.Cryptography;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Where seeds come from that a request does not name.</summary>
public interface ISeedSource
{
    /// <summary>A seed of 0…<paramref name="largest"/>.</summary>
    long Next(long largest);
}

/// <summary>Seeds that nobody can foresee.</summary>
internal sealed class RandomSeeds : ISeedSource
{
    public long Next(long largest)
    {
        // 53 random bits, drawn again where they are beyond the end: no seed is more likely than another.
        Span<byte> bytes = stackalloc byte[8];
        while (true)
        {
            RandomNumberGenerator.Fill(bytes);
            var seed = (long)(BitConverter.ToUInt64(bytes) >> 11);
            if (seed <= largest) return seed;
        }
    }
}
