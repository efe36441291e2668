using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Live;

/// <summary>Usage in memory, for a store that ends with the process. Any thread may ask.</summary>
internal sealed class LiveUsage
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<(DateOnly Day, string Account), UsageCounts> days =
        new(Comparer<(DateOnly Day, string Account)>.Create(static (one, other) =>
            one.Day != other.Day ? one.Day.CompareTo(other.Day) : string.CompareOrdinal(one.Account, other.Account)));

    public void Add(IReadOnlyList<UsageEntry> entries)
    {
        if (entries.Count == 0) return;
        lock (gate)
        {
            foreach (var (day, account, counts) in entries)
                days[(day, account)] = days.TryGetValue((day, account), out var known) ? known + counts : counts;
        }
    }

    public IReadOnlyList<UsageEntry> Of(UsageQuery query)
    {
        lock (gate)
        {
            return
            [
                .. days.Where(one => one.Key.Day >= query.From && one.Key.Day <= query.To && (query.Account ?? one.Key.Account) == one.Key.Account)
                    .Select(one => new UsageEntry(one.Key.Day, one.Key.Account, one.Value)),
            ];
        }
    }

    public void Sweep(DateOnly before)
    {
        lock (gate)
            foreach (var old in days.Keys.TakeWhile(one => one.Day < before).ToArray()) days.Remove(old);
    }
}
