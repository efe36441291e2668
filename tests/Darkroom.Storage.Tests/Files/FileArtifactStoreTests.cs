using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Storage.Files;

namespace Darkroom.Storage.Tests.Files;

/// <summary>What is a matter of files alone.</summary>
public sealed class FileArtifactStoreTests : IDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly string Job = new('a', 32);
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-files").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task File_lies_in_a_folder_of_its_ids_first_digits_and_says_all_of_itself()
    {
        var picture = await AddAsync(Open(), 10);
        string expected = Path.Combine(folder, picture.Id[..3], $"{picture.Id}.{Job}.{picture.Sha256}.png");
        Assert.Equal(10, new FileInfo(expected).Length);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder, "tmp")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("ABCDEFABCDEFABCDEFABCDEFABCDEFAB")]
    public async Task Job_that_is_no_id_makes_no_path(string job)
    {
        var store = Open();
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.AddAsync(job, PictureFormat.Png, new byte[10], Cancellation));
        Assert.Empty(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Half_written_file_never_is_a_picture_and_goes_at_the_next_start()
    {
        var picture = await AddAsync(Open(), 10);
        string leftover = Path.Combine(folder, "tmp", $"{new string('b', 32)}.{Job}.{picture.Sha256}.png");
        await File.WriteAllBytesAsync(leftover, new byte[5], Cancellation);
        var store = Open();
        Assert.False(File.Exists(leftover));
        Assert.Null(await store.OpenAsync(new string('b', 32), Cancellation));
        Assert.Equal([picture.Id], await store.ListAsync(Cancellation).Select(entry => entry.Id).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task File_that_another_process_is_writing_is_no_leftover()
    {
        Open();
        string draft = Path.Combine(folder, "tmp", "draft");
        using (File.OpenHandle(draft, FileMode.CreateNew, FileAccess.Write, FileShare.Delete))
        {
            Open();
            Assert.True(File.Exists(draft));
        }
        await AddAsync(Open(), 10);
        Assert.False(File.Exists(draft));
    }

    [Fact]
    public async Task Oldest_pictures_go_where_the_disk_gets_short_of_space_but_not_held_ones()
    {
        var store = Open(keepFreeBytes: long.MaxValue / 2);
        var held = new string('c', 32);
        using var hold = store.Hold(held);
        string kept = (await AddAsync(store, 10, held)).Id, first = (await AddAsync(store, 10)).Id, second = (await AddAsync(store, 10)).Id;
        Assert.True(await store.WasHereAsync(first, Cancellation));
        Assert.Equal(new[] { kept, second }.Order(),
            await store.ListAsync(Cancellation).Select(entry => entry.Id).Order().ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Picture_that_somebody_else_removed_is_one_that_was_here()
    {
        var store = Open();
        var picture = await AddAsync(store, 10);
        File.Delete(Directory.EnumerateFiles(folder, picture.Id + "*", SearchOption.AllDirectories).Single());
        Assert.Equal([picture.Id], await store.NotKeptAsync([picture.Id], Cancellation));
        Assert.True(await store.WasHereAsync(picture.Id, Cancellation));
        Assert.True(await Open().WasHereAsync(picture.Id, Cancellation));
    }

    [Fact]
    public async Task Folder_that_was_cleared_under_a_running_store_is_made_again()
    {
        var store = Open();
        var picture = await AddAsync(store, 10);
        Directory.Delete(Path.Combine(folder, picture.Id[..3]), recursive: true);
        Assert.Null(await store.OpenAsync(picture.Id, Cancellation));
        for (int i = 0; i < 5; i++) await AddAsync(store, 10);
    }

    [Fact]
    public async Task Foreign_files_are_no_pictures()
    {
        var store = Open();
        Directory.CreateDirectory(Path.Combine(folder, "abc"));
        string id = "abc" + new string('0', 29);
        await File.WriteAllTextAsync(Path.Combine(folder, "abc", id + ".txt"), "x", Cancellation);
        Assert.Null(await store.OpenAsync(id, Cancellation));
        Assert.Empty(await store.ListAsync(Cancellation).ToListAsync(Cancellation));
        await AddAsync(Open(), 10);
    }

    [Fact]
    public void Retention_says_the_limits()
    {
        Assert.Equal("Pictures are kept on disk for 24 hours after their job ended, if it is not removed before. "
            + "The oldest go earlier when all take more than 5 MiB, or when less than 7 MiB of the disk are free.",
            new FileArtifactStore(folder, new RandomIds(), TimeProvider.System, new() { CapacityBytes = 5 << 20, KeepFreeBytes = 7 << 20 }).Retention);
    }

    private FileArtifactStore Open(long keepFreeBytes = 0) =>
        new(folder, new RandomIds(), TimeProvider.System, new() { KeepFreeBytes = keepFreeBytes });

    private static async Task<Artifact> AddAsync(FileArtifactStore store, int bytes, string? job = null) =>
        Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(job ?? Job, PictureFormat.Png, new byte[bytes], Cancellation)).Artifact;
}
