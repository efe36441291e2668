using Darkroom.Models.Families;

namespace Darkroom.Models.Text;

/// <summary>Conditionings by the tokens and the text layers they came from, bounded in bytes; the least recently used go first. Thread safe.</summary>
public sealed class ConditioningCache(long capacityBytes)
{
    private readonly Lock gate = new();
    private readonly Dictionary<TokenKey, LinkedListNode<(TokenKey Key, Conditioning Value)>> entries = [];
    private readonly LinkedList<(TokenKey Key, Conditioning Value)> recent = [];

    /// <summary>Bytes held now; at most the capacity.</summary>
    public long Bytes { get; private set; }

    public Conditioning? Find(ReadOnlyMemory<int> tokens, int clipSkip = 0)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(new TokenKey(tokens, clipSkip), out var node)) return null;
            recent.Remove(node);
            recent.AddFirst(node);
            return node.Value.Value;
        }
    }

    /// <summary>Keeps a conditioning; one larger than the whole capacity is not kept.</summary>
    public void Add(ReadOnlyMemory<int> tokens, Conditioning value, int clipSkip = 0)
    {
        ArgumentNullException.ThrowIfNull(value);
        var key = new TokenKey(tokens, clipSkip);
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

    private static long SizeOf(TokenKey key, Conditioning value) => value.Bytes + key.Tokens.Length * sizeof(int);

    private readonly record struct TokenKey(ReadOnlyMemory<int> Tokens, int ClipSkip)
    {
        public bool Equals(TokenKey other) => ClipSkip == other.ClipSkip && Tokens.Span.SequenceEqual(other.Tokens.Span);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(ClipSkip);
            foreach (int token in Tokens.Span) hash.Add(token);
            return hash.ToHashCode();
        }
    }
}
