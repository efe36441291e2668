using Darkroom.Models.Families;

namespace Darkroom.Models.Text;

/// <summary>Conditionings by the tokens, weights and text layers they came from, bounded in bytes; the least recently used go first. Thread safe.</summary>
public sealed class ConditioningCache(long capacityBytes)
{
    private readonly Lock gate = new();
    private readonly Dictionary<TokenKey, LinkedListNode<(TokenKey Key, Conditioning Value)>> entries = [];
    private readonly LinkedList<(TokenKey Key, Conditioning Value)> recent = [];

    /// <summary>Bytes held now; at most the capacity.</summary>
    public long Bytes { get; private set; }

    public Conditioning? Find(TokenizedText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        lock (gate)
        {
            if (!entries.TryGetValue(new TokenKey(text.Ids, text.Weights, text.ClipSkip), out var node)) return null;
            recent.Remove(node);
            recent.AddFirst(node);
            return node.Value.Value;
        }
    }

    /// <summary>Keeps a conditioning; one larger than the whole capacity is not kept.</summary>
    public void Add(TokenizedText text, Conditioning value)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(value);
        var key = new TokenKey(text.Ids, text.Weights, text.ClipSkip);
        lock (gate)
        {
            if (SizeOf(key, value) > capacityBytes || entries.ContainsKey(key)) return;
            entries[key] = recent.AddFirst((key, value));
            Bytes += SizeOf(key, value);
            while (Bytes > capacityBytes)
            {
                var (oldKey, old) = recent.Last!.Value;
                recent.RemoveLast();
                entries.Remove(oldKey);
                Bytes -= SizeOf(oldKey, old);
            }
        }
    }

    private static long SizeOf(TokenKey key, Conditioning value) => value.Bytes + key.Ids.Length * sizeof(int) + key.Weights.Length * sizeof(float);

    /// <summary>The length of a chunk is the model's own, so the ids tell how many there are. Weights that are all 1 are empty.</summary>
    private readonly record struct TokenKey(ReadOnlyMemory<int> Ids, ReadOnlyMemory<float> Weights, int ClipSkip)
    {
        public bool Equals(TokenKey other) => ClipSkip == other.ClipSkip && Ids.Span.SequenceEqual(other.Ids.Span) && Weights.Span.SequenceEqual(other.Weights.Span);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(ClipSkip);
            foreach (int id in Ids.Span) hash.Add(id);
            foreach (float weight in Weights.Span) hash.Add(weight);
            return hash.ToHashCode();
        }
    }
}
