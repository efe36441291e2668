using Darkroom.Engine.Previews;

namespace Darkroom.Engine.Tests.Previews;

public sealed class MemoryPreviewBoardTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private readonly MemoryPreviewBoard board = new();

    [Fact]
    public async Task Reader_gets_the_newest_and_then_waits_for_another()
    {
        board.Post(Of(1));
        board.Post(Of(2));
        var newest = await board.NextAsync("a", 0, Cancellation);
        Assert.Equal((2L, 2), (newest.Number, newest.Preview.Step));
        var waiting = board.NextAsync("a", newest.Number, Cancellation).AsTask();
        Assert.False(waiting.IsCompleted);
        board.Post(Of(3) with { JobId = "b" });
        Assert.False(waiting.IsCompleted);
        board.Post(Of(5));
        Assert.Equal(5, (await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).Preview.Step);
    }

    [Fact]
    public async Task Number_from_a_longer_run_hides_nothing()
    {
        board.Post(Of(1));
        Assert.Equal(1, (await board.NextAsync("a", 900, Cancellation)).Preview.Step);
    }

    [Fact]
    public async Task Nothing_is_kept_of_jobs_that_nobody_shows_or_watches()
    {
        using var leave = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 10).Select(_ => board.NextAsync("a", 0, leave.Token).AsTask()).ToArray();
        Assert.Equal(1, board.Count);
        await leave.CancelAsync();
        foreach (var reader in readers) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader);
        Assert.Equal(0, board.Count);
        board.Post(Of(1));
        board.Remove("a");
        board.Remove("a");
        Assert.Equal(0, board.Count);
    }

    private static Preview Of(int step) => new("a", 0, step, 8, 8, new byte[] { 1 });
}
