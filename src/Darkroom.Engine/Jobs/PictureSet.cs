namespace Darkroom.Engine.Jobs;

/// <summary>Some of a job's pictures, by their index.</summary>
/// <param name="Bits">Bit i stands for picture i; a job has fewer than 64.</param>
public readonly record struct PictureSet(ulong Bits)
{
    /// <summary>Whatever number of pictures there are.</summary>
    public static PictureSet All => new(ulong.MaxValue);

    public bool IsEmpty => Bits == 0;

    /// <param name="index">0…63</param>
    public static PictureSet Of(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, 63);
        return new(1UL << index);
    }

    public bool Has(int index) => (Bits >> index & 1) != 0;

    public PictureSet With(PictureSet others) => new(Bits | others.Bits);
}
