using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>What tests of stores of pictures share.</summary>
public abstract class PictureContract<TStore> : IDisposable where TStore : IPicturesUnderTest, new()
{
    protected TStore Stores { get; } = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected TestClock Clock { get; } = new(new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public void Dispose()
    {
        Stores.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static string NewJob() => new RandomIds().Next();

    protected IArtifactStore Open(long capacityBytes = 64 << 20) => Stores.OpenPictures(capacityBytes, Clock);

    protected static async Task<Artifact> AddAsync(IArtifactStore store, byte[] bytes, string? job = null, PictureFormat format = PictureFormat.Png) =>
        Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(job ?? NewJob(), format, bytes, Cancellation)).Artifact;

    protected static async Task<string> AddAsync(IArtifactStore store, int bytes, string? job = null) => (await AddAsync(store, new byte[bytes], job)).Id;

    protected static ValueTask<List<ArtifactEntry>> ListAsync(IArtifactStore store) => store.ListAsync(Cancellation).ToListAsync(Cancellation);

    /// <summary>A picture is there, or was here.</summary>
    protected static async Task<bool> IsGoneAsync(IArtifactStore store, string id)
    {
        await using var open = await store.OpenAsync(id, Cancellation);
        Assert.Equal(open is null, await store.WasHereAsync(id, Cancellation));
        return open is null;
    }
}
