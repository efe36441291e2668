using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Live;

/// <summary>
/// The outbox of a process: all entries in memory, about a kilobyte each. Takings and their leases are not written; they end with the process, and what it had
/// taken is told again by the next. Entries wait by their origin, so that ten thousand of one receiver cost another's nothing.
/// </summary>
/// <param name="gate">Guards all of it.</param>
internal sealed class LiveOutbox(Lock gate)
{
    private readonly Dictionary<string, Entry> entries = [];
    private readonly Dictionary<string, SortedSet<(DateTimeOffset DueAt, string Id)>> waiting = []; // by origin; none is empty
    private readonly SortedSet<(DateTimeOffset Until, string Id)> leases = [];

    /// <summary>What an earlier process left.</summary>
    public void Load(IEnumerable<OutboxRecord> records)
    {
        lock (gate)
            foreach (var record in records) Publish(record.Delivery.Id, record);
    }

    /// <summary>Takes the entry that is due longest, of those that nobody has.</summary>
    public WebhookDelivery? Take(IReadOnlyCollection<string> without, TimeSpan lease, DateTimeOffset now)
    {
        lock (gate)
        {
            while (leases.Count > 0 && leases.Min.Until <= now) Release(entries[leases.Min.Id]);
            (DateTimeOffset DueAt, string Id)? first = null;
            foreach (var (origin, queue) in waiting)
                if (queue.Min.DueAt <= now && !(first?.CompareTo(queue.Min) <= 0) && !without.Contains(origin)) first = queue.Min;
            if (first is not { } found) return null;
            var entry = entries[found.Id];
            Unqueue(entry);
            entry.Attempt++;
            entry.LeasedUntil = now + lease;
            leases.Add((entry.LeasedUntil.Value, found.Id));
            return entry.Record.Delivery with { Attempt = entry.Attempt };
        }
    }

    /// <summary>The entry as somebody took it; null where it was taken again since, or is no more.</summary>
    public OutboxRecord? Find(WebhookDelivery taken)
    {
        lock (gate) return entries.TryGetValue(taken.Id, out var entry) && entry.Attempt == taken.Attempt ? entry.Record : null;
    }

    /// <summary>Puts an entry as it is now in the place of what it was; null: it is removed. Nobody has it any more.</summary>
    public void Publish(string id, OutboxRecord? next)
    {
        lock (gate)
        {
            if (entries.TryGetValue(id, out var entry))
            {
                Unqueue(entry);
                entry.Attempt++;
            }
            if (next is null)
            {
                entries.Remove(id);
                return;
            }
            if (entry is null) entries.Add(id, entry = new(next));
            entry.Record = next;
            Queue(entry);
        }
    }

    private void Release(Entry entry)
    {
        Unqueue(entry);
        Queue(entry);
    }

    private void Queue(Entry entry)
    {
        var (delivery, dueAt) = entry.Record;
        if (!waiting.TryGetValue(delivery.Origin, out var queue)) waiting.Add(delivery.Origin, queue = []);
        queue.Add((dueAt, delivery.Id));
    }

    private void Unqueue(Entry entry)
    {
        var (delivery, dueAt) = entry.Record;
        if (entry.LeasedUntil is { } until) leases.Remove((until, delivery.Id));
        entry.LeasedUntil = null;
        if (waiting.TryGetValue(delivery.Origin, out var queue) && queue.Remove((dueAt, delivery.Id)) && queue.Count == 0) waiting.Remove(delivery.Origin);
    }

    private sealed class Entry(OutboxRecord record)
    {
        public OutboxRecord Record { get; set; } = record;

        /// <summary>Moves on when it is taken, and when its taking ends.</summary>
        public int Attempt { get; set; }

        /// <summary>null: nobody has it.</summary>
        public DateTimeOffset? LeasedUntil { get; set; }
    }
}
