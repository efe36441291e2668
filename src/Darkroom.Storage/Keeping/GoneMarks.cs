namespace Darkroom.Storage.Keeping;

/// <summary>Remembers ids of pictures that went, the newest of them: 10,000 take 1 MB or so. Any thread may ask.</summary>
internal sealed class GoneMarks(int max)
{
    private readonly Lock gate = new();
    private readonly HashSet<string> marks = new(StringComparer.Ordinal);
    private readonly Queue<string> inOrder = new();

    /// <returns>Whether it was not marked before.</returns>
    public bool Add(string id)
    {
        lock (gate)
        {
            if (!marks.Add(id)) return false;
            inOrder.Enqueue(id);
            if (inOrder.Count > max) marks.Remove(inOrder.Dequeue());
            return true;
        }
    }

    public bool Contains(string id)
    {
        lock (gate) return marks.Contains(id);
    }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<string> All()
    {
        lock (gate) return [.. inOrder];
    }
}
