using System.Runtime.InteropServices;

namespace Darkroom.Models.Text;

/// <summary>Conditionings by the tokens, weights and text layers they came from, bounded in bytes; the least recently used go first. Thread safe.</summary>
public sealed class ConditioningCache
{
    private readonly Store store;
    private readonly string variant;

    public ConditioningCache(long capacityBytes) : this(new Store(capacityBytes), "")
    {
    }

    private ConditioningCache(Store store, string variant) => (this.store, this.variant) = (store, variant);

    /// <summary>Bytes held now; at most the capacity.</summary>
    public long Bytes => store.Bytes;

    /// <summary>The same cache for text encoders that differ from the model's own: they share its room, and no entry.</summary>
    /// <param name="variant">What tells them apart; empty for the model's own.</param>
    public ConditioningCache For(string variant) => new(store, variant);

    public Conditioning? Find(TokenizedText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return store.Find(new TokenKey(text.Encoders, variant));
    }

    /// <summary>Keeps a conditioning; one larger than the whole capacity is not kept.</summary>
    public void Add(TokenizedText text, Conditioning value)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(value);
        store.Add(new TokenKey(text.Encoders, variant), value);
    }

    private sealed class Store(long capacityBytes)
    {
        private readonly Lock gate = new();
        private readonly Dictionary<TokenKey, LinkedListNode<(TokenKey Key, Conditioning Value)>> entries = [];
        private readonly LinkedList<(TokenKey Key, Conditioning Value)> recent = [];

        public long Bytes { get; private set; }

        public Conditioning? Find(TokenKey key)
        {
            lock (gate)
            {
                if (!entries.TryGetValue(key, out var node)) return null;
                recent.Remove(node);
                recent.AddFirst(node);
                return node.Value.Value;
            }
        }

        public void Add(TokenKey key, Conditioning value)
        {
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

        private static long SizeOf(TokenKey key, Conditioning value) =>
            value.Bytes + key.Encoders.Sum(text => text.Ids.Length * sizeof(int) + (text.Weights?.Length ?? 0) * sizeof(float));
    }

    private readonly record struct TokenKey(IReadOnlyList<TextTokens> Encoders, string Variant)
    {
        public bool Equals(TokenKey other)
        {
            if (Encoders.Count != other.Encoders.Count || Variant != other.Variant) return false;
            for (int i = 0; i < Encoders.Count; i++)
                if (!Encoders[i].ReadsAs(other.Encoders[i])) return false;
            return true;
        }

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Variant);
            foreach (var text in Encoders)
            {
                hash.Add(text.ClipSkip);
                hash.AddBytes(MemoryMarshal.AsBytes<int>(text.Ids));
                hash.AddBytes(MemoryMarshal.AsBytes<float>(text.Weights));
            }
            return hash.ToHashCode();
        }
    }
}
