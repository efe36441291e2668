using System.Numerics;
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
        // As many random bits as the end has, drawn again where they are beyond it: no seed is more likely than another, and two draws are the mean at most.
        int unused = BitOperations.LeadingZeroCount((ulong)largest | 1);
        Span<byte> bytes = stackalloc byte[8];
        while (true)
        {
            RandomNumberGenerator.Fill(bytes);
            var seed = (long)(BitConverter.ToUInt64(bytes) >> unused);
            if (seed <= largest) return seed;
        }
    }
}
