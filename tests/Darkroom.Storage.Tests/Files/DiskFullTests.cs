using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Storage.Files;
using Darkroom.TestKit.Faults;

namespace Darkroom.Storage.Tests.Files;

/// <summary>A disk of 1 MiB, really full: mounted where this process may do that, else there is nothing to see.</summary>
public sealed class DiskFullTests : IDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly string Job = new('a', 32);
    private readonly SmallDisk? disk = SmallDisk.TryMount();

    public void Dispose() => disk?.Dispose();

    [Fact]
    public async Task Full_disk_is_said_leaves_nothing_half_written_and_is_forgotten_when_space_returns()
    {
        var store = Open();
        using var hold = store.Hold(Job); // nothing of it may be evicted
        var stored = new Dictionary<string, byte[]>();
        ArtifactAdded added;
        while (true)
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(100_000);
            added = await store.AddAsync(Job, PictureFormat.Png, bytes, Cancellation);
            if (added is not ArtifactAdded.Stored(var picture)) break;
            stored.Add(picture.Id, bytes);
        }
        Assert.IsType<ArtifactAdded.DiskFull>(added);
        Assert.InRange(stored.Count, 8, 10);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(disk!.Path, "pictures", "tmp")));
        foreach (var again in (FileArtifactStore[])[store, Open()])
        {
            Assert.Equal(stored.Keys.Order(), await again.ListAsync(Cancellation).Select(entry => entry.Id).Order().ToListAsync(Cancellation));
            foreach (var (id, bytes) in stored) Assert.Equal(bytes, (await again.ReadAsync(id, Cancellation))!.Value.ToArray());
        }

        await store.RemoveAsync([.. stored.Keys.Take(2)], Cancellation);
        Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(Job, PictureFormat.Png, new byte[100_000], Cancellation));
    }

    [Fact]
    public async Task Oldest_pictures_make_room_before_the_disk_is_full()
    {
        var store = Open(keepFreeBytes: null); // a twentieth of 1 MiB
        string last = "";
        for (int i = 0; i < 30; i++)
        {
            last = Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(Job, PictureFormat.Png, new byte[100_000], Cancellation)).Artifact.Id;
            Assert.True(new DriveInfo(disk!.Path).AvailableFreeSpace >= (1 << 20) / 20 - 8192, "A picture took what is kept free.");
        }
        Assert.NotNull(await store.ReadAsync(last, Cancellation));
        Assert.InRange(await store.ListAsync(Cancellation).CountAsync(Cancellation), 7, 9);
    }

    [Fact]
    public async Task Oldest_pictures_make_room_where_only_writing_shows_that_the_disk_is_full()
    {
        var store = Open();
        string first = "";
        for (int i = 0; i < 30; i++)
        {
            string id = Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(Job, PictureFormat.Png, new byte[100_000], Cancellation)).Artifact.Id;
            if (i == 0) first = id;
        }
        Assert.True(await store.WasHereAsync(first, Cancellation));
    }

    [Fact]
    public async Task Sent_files_are_refused_on_a_full_disk_and_taken_when_space_returns()
    {
        if (disk is null) Assert.Skip("No disk can be mounted here.");
        foreach (long keepFree in (long[])[0, 200_000])
        {
            string folder = Path.Combine(disk.Path, "inputs");
            var store = new FileInputStore(folder, new RandomIds(), TimeProvider.System, keepFree);
            var ids = new List<string>();
            while (await store.AddAsync(RandomNumberGenerator.GetBytes(100_000), Cancellation) is InputAdded.Stored(var id)) ids.Add(id);
            Assert.IsType<InputAdded.DiskFull>(await store.AddAsync(new byte[300_000], Cancellation));
            Assert.True(new DriveInfo(disk.Path).AvailableFreeSpace >= keepFree);
            Assert.Equal(ids.Count, await store.ListAsync(Cancellation).CountAsync(Cancellation));
            Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "tmp")));
            await store.RemoveAsync(ids[0], Cancellation);
            Assert.IsType<InputAdded.Stored>(await store.AddAsync(new byte[90_000], Cancellation));
            Directory.Delete(folder, recursive: true);
        }
    }

    private FileArtifactStore Open(long? keepFreeBytes = 0)
    {
        if (disk is null) Assert.Skip("No disk can be mounted here.");
        return new(Path.Combine(disk.Path, "pictures"), new RandomIds(), TimeProvider.System, new() { KeepFreeBytes = keepFreeBytes });
    }
}
