namespace Darkroom.Engine.Previews;

/// <summary>The previews of this process's own jobs. A job has a place here while it has a preview, or while somebody waits for one.</summary>
public sealed class MemoryPreviewBoard : IPreviewBoard
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Place> places = [];

    /// <summary>Jobs that have a place.</summary>
    public int Count
    {
        get
        {
            lock (gate) return places.Count;
        }
    }

    public void Post(Preview preview)
    {
        ArgumentNullException.ThrowIfNull(preview);
        lock (gate) PlaceOf(preview.JobId).Post(preview);
    }

    public void Remove(string jobId)
    {
        lock (gate)
        {
            if (!places.TryGetValue(jobId, out var place)) return;
            place.Newest = null;
            RemoveUnused(jobId, place);
        }
    }

    public async ValueTask<PostedPreview> NextAsync(string jobId, long seen, CancellationToken cancellation)
    {
        Place place;
        lock (gate)
        {
            place = PlaceOf(jobId);
            place.Readers++;
        }
        try
        {
            while (true)
            {
                Task changed;
                lock (gate)
                {
                    // Another number, not a greater one: a reader may come from a run that counted further.
                    if (place.Newest is { } newest && place.Number != seen) return new(place.Number, newest);
                    changed = place.NextChange;
                }
                await changed.WaitAsync(cancellation);
            }
        }
        finally
        {
            lock (gate)
            {
                place.Readers--;
                RemoveUnused(jobId, place);
            }
        }
    }

    private Place PlaceOf(string jobId)
    {
        if (!places.TryGetValue(jobId, out var place)) places.Add(jobId, place = new Place());
        return place;
    }

    private void RemoveUnused(string jobId, Place place)
    {
        if (place is { Readers: 0, Newest: null }) places.Remove(jobId);
    }

    private sealed class Place
    {
        private TaskCompletionSource? changed;

        public Preview? Newest { get; set; }

        public long Number { get; private set; }

        public int Readers { get; set; }

        public Task NextChange => (changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void Post(Preview preview)
        {
            Newest = preview;
            Number++;
            changed?.SetResult();
            changed = null;
        }
    }
}
