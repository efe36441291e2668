using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Sessions;

/// <summary>
/// Which weights of a model are in memory, as their files have them: sessions that need the same ones compute with the same memory. It holds none itself. Any
/// thread may ask.
/// </summary>
internal sealed class WeightPool
{
    private readonly Lock gate = new();
    private readonly Dictionary<Key, (WeightBlock Block, PlacedWeight Weight)> known = [];

    /// <summary>Holds the blocks in which some of the weights are.</summary>
    /// <returns>Where these are; the blocks, each held once; what is in none.</returns>
    public (IReadOnlyList<WeightPlace> Places, IReadOnlyList<WeightBlock> Held, IReadOnlyList<PlacedWeight> Missing) Take(IEnumerable<PlacedWeight> weights)
    {
        List<WeightPlace> places = [];
        List<PlacedWeight> missing = [];
        var held = new HashSet<WeightBlock>();
        lock (gate)
        {
            foreach (var weight in weights)
            {
                if (weight.CanShare && known.TryGetValue(KeyOf(weight), out var there) && (held.Contains(there.Block) || there.Block.TryHold()))
                {
                    held.Add(there.Block);
                    places.AddRange(WeightPlace.Of(weight, there.Block.AddressOf(there.Weight)));
                }
                else
                {
                    missing.Add(weight);
                }
            }
        }
        return (places, [.. held], missing);
    }

    /// <summary>Offers what is in a block to those who come later.</summary>
    public void Add(WeightBlock block)
    {
        lock (gate)
        {
            foreach (var weight in block.Weights)
                if (weight.CanShare) known[KeyOf(weight)] = (block, weight);
        }
    }

    private static Key KeyOf(PlacedWeight weight) =>
        new(weight.Tensor.Path, weight.Tensor.Offset, weight.Tensor.Count, weight.Tensor.Type, weight.Tensor.HalvesSwapped, weight.Tensor.Scale?.Offset,
            weight.Element, weight.Block);

    /// <summary>A run of a file's bytes, and what it is made into.</summary>
    private readonly record struct Key(string Path, long Offset, long Count, StoredType Type, bool HalvesSwapped, long? Scale, int Element, int Block);
}
