using System.Collections.Concurrent;
using Darkroom.Models.Catalog;

namespace Darkroom.Models.Pool;

/// <summary>
/// Looks again at models that could not be used as their folders were: a copy may have been under way, a file may have been fetched since. Not more often than
/// every two seconds each.
/// </summary>
internal sealed class FaultyFolders(ModelCatalog catalog, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, long> looked = new(StringComparer.Ordinal);

    /// <summary>What is known of a model now.</summary>
    public ModelDescription Again(ModelDescription model)
    {
        if (model.Fault is null) return model;
        long now = time.GetTimestamp();
        bool mine = looked.TryGetValue(model.Id, out long last)
            ? time.GetElapsedTime(last, now) >= Between && looked.TryUpdate(model.Id, now, last)
            : looked.TryAdd(model.Id, now);
        return mine ? catalog.Refresh(model.Id) ?? model : model;
    }
}
