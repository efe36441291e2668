using Darkroom.Engine.Previews;
using Darkroom.Storage.Files;
using Darkroom.Storage.Postgres;
using Darkroom.Storage.Tests.Contract;

namespace Darkroom.Storage.Tests.Postgres;

/// <summary>Previews that one process makes and another shows.</summary>
public sealed class PreviewCarrierTests : StoreContract<PostgresStore>, IAsyncDisposable
{
    private const string JobId = "0123456789abcdef0123456789abcdef";

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-previews-").FullName;
    private PostgresJobStore? other;

    public async ValueTask DisposeAsync()
    {
        if (other is not null) await other.DisposeAsync();
        Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Preview_is_brought_only_while_somebody_reads_and_goes_with_its_job()
    {
        var (maker, reader) = OpenBoth();
        maker.Post(Look(1));
        Assert.Empty(Directory.GetFiles(folder)); // nobody waits
        var waiting = reader.NextAsync(JobId, 0, Cancellation).AsTask();
        int step = 1;
        while (!waiting.IsCompleted)
        {
            maker.Post(Look(++step));
            await Task.Delay(50, Cancellation);
        }
        var (number, seen) = await waiting;
        Assert.Equal((JobId, 0, 8, 4), (seen.JobId, seen.Index, seen.Width, seen.Height));
        Assert.Equal(seen.Step, seen.Png.Span[0]);

        var next = reader.NextAsync(JobId, number, Cancellation).AsTask();
        while (!next.IsCompleted)
        {
            maker.Post(Look(++step));
            await Task.Delay(50, Cancellation);
        }
        Assert.True((await next).Preview.Step > seen.Step);
        maker.Remove(JobId);
        while (Directory.GetFiles(folder).Length > 0) await Task.Delay(20, Cancellation);
    }

    [Fact]
    public async Task Own_preview_is_shown_without_a_way_round()
    {
        var (maker, _) = OpenBoth();
        maker.Post(Look(3));
        Assert.Equal(3, (await maker.NextAsync(JobId, 0, Cancellation)).Preview.Step);
        Assert.Empty(Directory.GetFiles(folder));
    }

    private static Preview Look(int step) => new(JobId, 0, step, 8, 4, new[] { (byte)step });

    private (RelayedPreviewBoard Maker, RelayedPreviewBoard Reader) OpenBoth()
    {
        var one = (PostgresJobStore)Open();
        other = PostgresStore.Beside(one);
        var files = new FolderPreviewFiles(folder);
        var (maker, reader) = (one.CarryPreviews(files, TimeProvider.System), other.CarryPreviews(files, TimeProvider.System));
        return (new(maker, TimeProvider.System), new(reader, TimeProvider.System));
    }
}
