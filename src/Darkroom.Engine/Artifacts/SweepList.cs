using System.Runtime.InteropServices;

namespace Darkroom.Engine.Artifacts;

/// <summary>
/// The stored pictures of one sweep, read first; then every job is met once, and decides about its own. A store may keep a day's pictures, hundreds of
/// thousands, and a sweep comes every few minutes: for a picture that is too young to go its id alone is kept, and no job is.
/// </summary>
/// <param name="choice">Which go.</param>
/// <param name="now">When the sweep began.</param>
internal sealed class SweepList(SweepChoice choice, DateTimeOffset now)
{
    private readonly HashSet<CompactId> there = [];
    private readonly List<OldPicture> old = [];
    private readonly List<string> due = [];
    private bool isSorted;

    /// <summary>A picture that is stored. All come before the first job.</summary>
    public void Add(ArtifactEntry picture)
    {
        there.Add(CompactId.Of(picture.Id));
        if (choice.MayBeDue(picture, now)) old.Add(new(CompactId.Of(picture.Job), CompactId.Of(picture.Id), picture.WrittenAt));
    }

    /// <summary>A job: its pictures stay or go by it.</summary>
    /// <returns>Whether all pictures that it has are stored.</returns>
    public bool Meet(string id, JobTrace job)
    {
        Sort();
        var of = CompactId.Of(id);
        var pictures = CollectionsMarshal.AsSpan(old);
        for (int at = FirstOf(of); at < pictures.Length && pictures[at].Job == of; at++)
        {
            ref var picture = ref pictures[at];
            if (picture.HasJob) continue; // jobs that move in their list while it is read are met again
            picture.HasJob = true;
            var entry = new ArtifactEntry(picture.Id.ToString(), id, picture.WrittenAt);
            if (choice.IsDue(entry, job, now)) due.Add(entry.Id);
        }
        return job.Pictures.All(picture => there.Contains(CompactId.Of(picture)));
    }

    /// <summary>Those that go, once every job was met: what no job was met for belongs to nobody.</summary>
    public IReadOnlyList<string> Due()
    {
        foreach (var picture in old.Where(picture => !picture.HasJob))
        {
            var entry = new ArtifactEntry(picture.Id.ToString(), picture.Job.ToString(), picture.WrittenAt);
            if (choice.IsDue(entry, null, now)) due.Add(entry.Id);
        }
        return due;
    }

    private void Sort()
    {
        if (!isSorted) old.Sort(static (one, other) => one.Job.CompareTo(other.Job));
        isSorted = true;
    }

    /// <summary>The first place whose job is not below this one.</summary>
    private int FirstOf(CompactId job)
    {
        var (from, to) = (0, old.Count);
        while (from < to)
        {
            int middle = from + (to - from) / 2;
            if (old[middle].Job < job) from = middle + 1;
            else to = middle;
        }
        return from;
    }

    private struct OldPicture(CompactId job, CompactId id, DateTimeOffset writtenAt)
    {
        public readonly CompactId Job = job, Id = id;
        public readonly DateTimeOffset WrittenAt = writtenAt;
        public bool HasJob;
    }
}
