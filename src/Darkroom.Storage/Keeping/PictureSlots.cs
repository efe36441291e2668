using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Darkroom.Engine.Artifacts;

namespace Darkroom.Storage.Keeping;

/// <summary>
/// The known pictures, by id, by job in the order in which they came, and in the order in which they go: one array of them whose entries name each other by
/// place, so that a day's pictures take megabytes and nothing for the collector to follow. Not for several threads.
/// </summary>
internal sealed class PictureSlots
{
    private const int None = -1;

    private readonly Dictionary<CompactId, int> places = [];
    private readonly Dictionary<CompactId, JobEntry> jobs = [];
    private Slot[] slots = new Slot[16];
    private int used; // places that were taken once
    private int free = None, oldest = None, newest = None;

    /// <summary>Pictures that are in the order of going.</summary>
    public int Going { get; private set; }

    /// <summary>Bytes of them.</summary>
    public long GoingBytes { get; private set; }

    /// <summary>Bytes of all pictures.</summary>
    public long Bytes { get; private set; }

    /// <summary>Counts who keeps a job's pictures, those to come too: with the first one they leave the order of going.</summary>
    public void Hold(string job)
    {
        ref var entry = ref EntryOf(CompactId.Of(job));
        if (entry.Holds++ > 0) return;
        for (int at = entry.First; at != None; at = slots[at].NextOfJob) Unlink(at);
    }

    /// <summary>Ends a hold; with the last one the job's pictures are the newest in the order of going.</summary>
    public void Release(string job)
    {
        var id = CompactId.Of(job);
        ref var entry = ref EntryOf(id);
        if (--entry.Holds > 0) return;
        for (int at = entry.First; at != None; at = slots[at].NextOfJob) Append(at);
        if (entry.First == None) jobs.Remove(id);
    }

    /// <summary>Adds a picture, the last of its job; nothing happens where it is known.</summary>
    public void Add(KeptPicture picture)
    {
        var id = CompactId.Of(picture.Id);
        if (places.ContainsKey(id)) return;
        int at = Take();
        var job = CompactId.Of(picture.Job);
        slots[at] = new Slot { Id = id, Job = job, Length = picture.Length, NextOfJob = None, Older = None, Newer = None };
        places.Add(id, at);
        Bytes += picture.Length;
        ref var entry = ref EntryOf(job);
        if (entry.First == None) entry.First = at;
        else slots[entry.Last].NextOfJob = at;
        entry.Last = at;
        if (entry.Holds == 0) Append(at);
    }

    /// <summary>The length of a known picture, bytes.</summary>
    public long? LengthOf(string id) => places.TryGetValue(CompactId.Of(id), out int at) ? slots[at].Length : null;

    /// <summary>The ids of a job's known pictures, the first one first.</summary>
    public List<string> OfJob(string job)
    {
        var ids = new List<string>();
        if (jobs.TryGetValue(CompactId.Of(job), out var entry))
            for (int at = entry.First; at != None; at = slots[at].NextOfJob) ids.Add(slots[at].Id.ToString());
        return ids;
    }

    /// <summary>Removes a picture, held or not.</summary>
    public void Remove(string id)
    {
        if (places.TryGetValue(CompactId.Of(id), out int at)) Remove(at);
    }

    /// <summary>Removes the picture that goes first.</summary>
    public bool TryRemoveOldest([NotNullWhen(true)] out KeptPicture? picture)
    {
        picture = oldest == None ? null : new(slots[oldest].Id.ToString(), slots[oldest].Job.ToString(), slots[oldest].Length);
        if (picture is not null) Remove(oldest);
        return picture is not null;
    }

    private ref JobEntry EntryOf(CompactId job)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(jobs, job, out bool isThere);
        if (!isThere) (entry.First, entry.Last) = (None, None);
        return ref entry;
    }

    private int Take()
    {
        if (free == None)
        {
            if (used == slots.Length) Array.Resize(ref slots, used * 2);
            return used++;
        }
        int at = free;
        free = slots[at].Newer;
        return at;
    }

    private void Append(int at)
    {
        ref var slot = ref slots[at];
        (slot.IsGoing, slot.Older, slot.Newer) = (true, newest, None);
        if (newest == None) oldest = at;
        else slots[newest].Newer = at;
        newest = at;
        Going++;
        GoingBytes += slot.Length;
    }

    private void Remove(int at)
    {
        var slot = slots[at];
        places.Remove(slot.Id);
        Bytes -= slot.Length;
        TakeOutOfJob(at, slot);
        if (slot.IsGoing) Unlink(at);
        slots[at] = new Slot { Newer = free };
        free = at;
    }

    private void Unlink(int at)
    {
        ref var slot = ref slots[at];
        if (slot.Older == None) oldest = slot.Newer;
        else slots[slot.Older].Newer = slot.Newer;
        if (slot.Newer == None) newest = slot.Older;
        else slots[slot.Newer].Older = slot.Older;
        slot.IsGoing = false;
        Going--;
        GoingBytes -= slot.Length;
    }

    private void TakeOutOfJob(int at, Slot slot)
    {
        ref var entry = ref EntryOf(slot.Job);
        int before = None;
        for (int each = entry.First; each != at; each = slots[each].NextOfJob) before = each;
        if (before == None) entry.First = slot.NextOfJob;
        else slots[before].NextOfJob = slot.NextOfJob;
        if (entry.Last == at) entry.Last = before;
        if (entry is { Holds: 0, First: None }) jobs.Remove(slot.Job);
    }

    private struct Slot
    {
        public CompactId Id, Job;
        public long Length;
        public int Older, Newer, NextOfJob; // Newer of a free slot: the next free one
        public bool IsGoing;
    }

    private struct JobEntry
    {
        public int First, Last, Holds;
    }
}
