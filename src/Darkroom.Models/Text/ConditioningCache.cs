using System.Runtime.InteropServices;

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
            if (!entries.TryGetValue(new TokenKey(text.Encoders), out var node)) return null;
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
        var key = new TokenKey(text.Encoders);
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

    private readonly record struct TokenKey(IReadOnlyList<TextTokens> Encoders)
    {
        public bool Equals(TokenKey other)
        {
            if (Encoders.Count != other.Encoders.Count) return false;
            for (int i = 0; i < Encoders.Count; i++)
                if (!Encoders[i].ReadsAs(other.Encoders[i])) return false;
            return true;
        }

        public override int GetHashCode()
        {
            var hash = new HashCode();
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
