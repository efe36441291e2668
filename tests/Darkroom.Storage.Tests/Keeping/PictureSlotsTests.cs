using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.Tests.Keeping;

/// <summary>The array of pictures does as lists of them would, whatever comes in whatever order; and it is small.</summary>
public sealed class PictureSlotsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Slots_do_as_lists_do(int seed)
    {
        var random = new Random(seed);
        var slots = new PictureSlots();
        var known = new List<KeptPicture>(); // in the order in which they came
        var going = new List<KeptPicture>();
        var holds = new Dictionary<string, int>();
        for (int turn = 0; turn < 5_000; turn++)
        {
            string job = random.Next(2) == 0 ? $"job {random.Next(12)}" : $"{random.Next(12):x32}";
            switch (random.Next(6))
            {
                case 0:
                    slots.Hold(job);
                    holds[job] = holds.GetValueOrDefault(job) + 1;
                    if (holds[job] == 1) going.RemoveAll(one => one.Job == job);
                    break;
                case 1 when holds.GetValueOrDefault(job) > 0:
                    slots.Release(job);
                    if (--holds[job] == 0) going.AddRange(known.Where(one => one.Job == job));
                    break;
                case 2 or 3:
                    var added = new KeptPicture(random.Next(3) == 0 ? $"picture {turn}" : $"{(turn * 7919L) + seed:x32}", job, random.Next(1, 1000));
                    slots.Add(added);
                    slots.Add(added with { Length = 5_000 }); // known: nothing happens
                    known.Add(added);
                    if (holds.GetValueOrDefault(job) == 0) going.Add(added);
                    break;
                case 4 when known.Count > 0:
                    var removed = known[random.Next(known.Count)];
                    slots.Remove(removed.Id);
                    slots.Remove(removed.Id);
                    known.Remove(removed);
                    going.Remove(removed);
                    break;
                case 5 when random.Next(3) == 0:
                    Assert.Equal(going.Count > 0, slots.TryRemoveOldest(out var oldest));
                    Assert.Equal(going.FirstOrDefault(), oldest);
                    if (oldest is null) break;
                    known.Remove(oldest);
                    going.Remove(oldest);
                    break;
            }
            Assert.Equal((going.Count, going.Sum(one => one.Length)), (slots.Going, slots.GoingBytes));
            Assert.Equal(known.Sum(one => one.Length), slots.Bytes);
            Assert.Equal(known.Where(one => one.Job == job).Select(one => one.Id), slots.OfJob(job));
        }
        foreach (var picture in known) Assert.Equal(picture.Length, slots.LengthOf(picture.Id));
        Assert.Null(slots.LengthOf("nobody"));
        while (slots.TryRemoveOldest(out var oldest))
        {
            Assert.Equal(going[0], oldest);
            going.RemoveAt(0);
        }
        Assert.Empty(going);
    }

    [Fact]
    public void Hundred_thousand_pictures_take_less_than_thirty_megabytes()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var slots = new PictureSlots();
        for (int i = 0; i < 100_000; i++) slots.Add(new($"{i:x32}", $"{1_000_000 + i:x32}", 50_000));
        long taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(slots);
        Assert.InRange(taken, 1, 30_000_000);
    }
}
