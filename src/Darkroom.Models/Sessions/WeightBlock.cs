using System.Runtime.InteropServices;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Sessions;

/// <summary>A piece of memory with weights that were read together. It is freed when the last who holds it releases it; who makes it holds it.</summary>
internal sealed unsafe class WeightBlock
{
    private const nuint Alignment = 4096; // of a page

    private const int Line = 64; // of a cache, and of the widest vectors

    private readonly Dictionary<PlacedWeight, long> offsets = new(ReferenceEqualityComparer.Instance);
    private readonly void* memory;
    private int holders = 1;

    /// <exception cref="OutOfMemoryException">There is no room.</exception>
    public WeightBlock(IReadOnlyList<PlacedWeight> weights)
    {
        Weights = weights;
        foreach (var weight in weights)
        {
            offsets[weight] = Bytes;
            Bytes += (weight.Bytes + Line - 1) / Line * Line;
        }
        bool large = Bytes >= LargePages.Least;
        memory = NativeMemory.AlignedAlloc((nuint)Math.Max(Line, Bytes), large ? LargePages.Size : Alignment);
        if (large) LargePages.Advise(memory, Bytes);
    }

    /// <summary>What is in it.</summary>
    public IReadOnlyList<PlacedWeight> Weights { get; }

    public long Bytes { get; }

    public IEnumerable<WeightPlace> Places => Weights.SelectMany(weight => WeightPlace.Of(weight, AddressOf(weight)));

    public nint AddressOf(PlacedWeight weight) => (nint)((byte*)memory + offsets[weight]);

    /// <summary>Another holder; false where the last has gone.</summary>
    public bool TryHold()
    {
        for (int now = Volatile.Read(ref holders); now > 0; now = Volatile.Read(ref holders))
            if (Interlocked.CompareExchange(ref holders, now + 1, now) == now) return true;
        return false;
    }

    /// <summary>To be called once by each who holds it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref holders) == 0) NativeMemory.AlignedFree(memory);
    }
}
