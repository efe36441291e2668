using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Sessions;

/// <summary>
/// All weights that one session computes with or is opened with, in memory. What others hold already is theirs and this one's: it stays until the last of
/// them is disposed of.
/// </summary>
internal sealed class WeightMemory : IDisposable
{
    private readonly IReadOnlyList<WeightBlock> blocks;
    private int disposed;

    private WeightMemory(IReadOnlyList<WeightPlace> places, IReadOnlyList<WeightBlock> blocks, long ownBytes) =>
        (Places, this.blocks, OwnBytes) = (places, blocks, ownBytes);

    /// <summary>Where each weight is.</summary>
    public IReadOnlyList<WeightPlace> Places { get; }

    /// <summary>Bytes that were read for this; the rest was in memory before.</summary>
    public long OwnBytes { get; }

    /// <param name="part">The part of a model that the weights are of, for messages.</param>
    /// <param name="weights">All that its graph has outside.</param>
    /// <param name="threads">That share the work; 0: one for each core.</param>
    /// <param name="pool">Finds what others hold, and offers them this; null: nothing is shared.</param>
    /// <exception cref="GraphException">A file cannot be read, or a weight is no finite number; the message names it.</exception>
    /// <exception cref="OutOfMemoryException">There is no room.</exception>
    public static WeightMemory Read(string part, IEnumerable<PlacedWeight> weights, int threads, WeightPool? pool = null)
    {
        pool ??= new WeightPool();
        var (places, held, missing) = pool.Take(weights);
        WeightBlock? own = null;
        try
        {
            own = new WeightBlock(missing);
            WeightReader.Fill(part, own, threads);
            pool.Add(own);
            return new([.. places, .. own.Places], [.. held, own], own.Bytes);
        }
        catch
        {
            own?.Release();
            foreach (var block in held) block.Release();
            throw;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        foreach (var block in blocks) block.Release();
    }
}

/// <summary>Where a weight is in memory.</summary>
/// <param name="Name">What its graph calls the place.</param>
/// <param name="Address">Of its first value.</param>
/// <param name="Bytes">That it takes.</param>
internal readonly record struct WeightPlace(string Name, nint Address, long Bytes)
{
    /// <summary>The places of a weight's tensors.</summary>
    public static IEnumerable<WeightPlace> Of(PlacedWeight weight, nint address) =>
        weight.Pieces.Select(piece => new WeightPlace(piece.Name, address + (nint)piece.Offset, piece.Bytes));
}
