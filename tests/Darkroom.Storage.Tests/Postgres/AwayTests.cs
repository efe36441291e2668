using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Postgres;
using Darkroom.Storage.Tests.Contract;
using Darkroom.TestKit.Databases;
using Npgsql;

namespace Darkroom.Storage.Tests.Postgres;

/// <summary>A database that breaks off, stops and comes back; it is this class's own.</summary>
public sealed class AwayTests : IAsyncDisposable
{
    private static readonly JobOwner Here = new("here", TimeSpan.FromSeconds(30)), There = new("there", TimeSpan.FromSeconds(30));
    private static readonly AddTerms Terms = new() { MaxQueued = 100 };

    private readonly PostgresServer server = new();
    private readonly List<PostgresJobStore> stores = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores) await store.DisposeAsync();
        server.Dispose();
    }

    [Fact]
    public async Task Connections_that_break_cost_nothing()
    {
        var store = await OpenAsync();
        for (int i = 0; i < 20; i++)
        {
            await AddAsync(store, $"{i}");
            await BreakConnectionsAsync();
        }
        Assert.Equal(20, await store.CountQueuedAsync(Cancellation));
        await BreakConnectionsAsync();
        var claimed = await store.ClaimAsync(["0", "1"], Here, Cancellation);
        await BreakConnectionsAsync();
        foreach (var job in claimed)
            Assert.IsType<CommitOutcome.Committed>(await store.CommitAsync(job.Id, job.Attempt, new JobCommand.Cancel(), Cancellation));
    }

    [Fact]
    public async Task Server_that_is_away_is_said_to_be_and_all_goes_on_when_it_is_back()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        await AddAsync(one, "held");
        await AddAsync(one, "waits");
        var held = Assert.Single(await one.ClaimAsync(["held"], Here, Cancellation));
        server.Stop();

        Assert.Equal(StoreFault.Unavailable, (await Assert.ThrowsAsync<StoreException>(() => AddAsync(one, "late"))).Fault);
        Assert.Equal(StoreFault.Unavailable, (await Assert.ThrowsAsync<StoreException>(() => one.FindAsync("held", Cancellation).AsTask())).Fault);
        Assert.NotNull(one.Trouble);
        await Task.Delay(WaitingView.MaxAge, Cancellation);
        Assert.Empty(await one.WaitingAsync(9, 0, Cancellation)); // what runs goes on; nothing is claimed
        Assert.Empty(await one.RenewAsync([new JobClaim("held", held.Attempt)], Here, Cancellation));

        server.Start();
        await UntilAsync(async () => await TryAsync(() => AddAsync(one, "late")));
        Assert.Null(one.Trouble);
        await UntilAsync(async () => (await one.WaitingAsync(9, 0, Cancellation)).Count == 2);
        Assert.IsType<CommitOutcome.Committed>(await one.CommitAsync("held", held.Attempt, new JobCommand.Cancel(), Cancellation));
        // The other hears again, too.
        var end = other.WaitAsync("waits", Cancellation).AsTask();
        await one.CommitAsync("waits", null, new JobCommand.Cancel(), Cancellation);
        Assert.Equal(JobState.Cancelled, (await end.WaitAsync(TimeSpan.FromSeconds(15), Cancellation))!.State);
    }

    [Fact]
    public async Task Leases_that_ran_out_while_the_server_was_away_are_left_to_those_who_live()
    {
        var brief = new JobOwner("brief", TimeSpan.FromSeconds(4));
        var (one, other) = (await OpenAsync(), await OpenAsync());
        await AddAsync(one, "held");
        var held = Assert.Single(await one.ClaimAsync(["held"], brief, Cancellation));
        server.Stop();
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation);
        server.Start();
        var finder = new JobOwner("finder", TimeSpan.FromSeconds(60));
        await UntilAsync(async () => await TryAsync(async () => Assert.Empty(await other.RecoverAsync(finder, 2, Cancellation))));
        await UntilAsync(async () => await TryAsync(() => one.RenewAsync([new JobClaim("held", held.Attempt)], brief, Cancellation).AsTask()));
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        Assert.Empty(await one.RenewAsync([new JobClaim("held", held.Attempt)], brief, Cancellation));
        Assert.Equal(JobState.Running, (await other.FindAsync("held", Cancellation))!.State);
    }

    [Fact]
    public async Task Claim_that_a_crash_took_back_is_nobodys_and_what_was_admitted_is_there()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        for (int i = 0; i < 10; i++) await AddAsync(one, $"{i}");
        var held = await one.ClaimAsync([.. Enumerable.Range(0, 10).Select(i => $"{i}")], Here, Cancellation);
        server.Stop(crash: true);
        server.Start();
        await UntilAsync(() => TryAsync(() => other.FindAsync("0", Cancellation).AsTask()));
        foreach (var job in held)
        {
            var row = (await other.FindAsync(job.Id, Cancellation))!;
            if (row.State == JobState.Queued) // the crash came before the claim was on the disk
                Assert.Equal(job.Attempt, Assert.Single(await other.ClaimAsync([job.Id], There, Cancellation)).Attempt);
            var outcome = await one.CommitAsync(job.Id, job.Attempt, new JobCommand.Release(), Cancellation);
            if (row.State == JobState.Queued) Assert.IsType<CommitOutcome.ClaimLost>(outcome);
            else Assert.IsType<CommitOutcome.Committed>(outcome);
        }
    }

    [Fact]
    public async Task Schema_of_a_newer_version_is_refused_and_stays_as_it_is()
    {
        await OpenAsync();
        await ExecuteAsync("UPDATE meta SET schema = 99");
        var refused = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Equal(StoreFault.Newer, refused.Fault);
        Assert.Contains("99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_that_start_together_bring_the_schema_up_to_date_once()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => OpenAsync()));
        await AddAsync(opened[0], "a");
        Assert.Equal(1, await opened[4].CountQueuedAsync(Cancellation));
    }

    [Fact]
    public async Task Server_that_cannot_be_reached_is_named_by_its_setting_and_not_by_its_password()
    {
        var options = new PostgresOptions { ConnectionString = "Host=127.0.0.1;Port=1;Username=u;Password=canary;Timeout=2" };
        var refused = await Assert.ThrowsAsync<StoreException>(() => PostgresJobStore.OpenAsync(options, TimeProvider.System, Cancellation));
        Assert.Contains("Darkroom:Postgres", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.ToString(), StringComparison.Ordinal);
        var wrong = new PostgresOptions { ConnectionString = "Nonsense=canary" };
        var unread = await Assert.ThrowsAsync<StoreException>(() => PostgresJobStore.OpenAsync(wrong, TimeProvider.System, Cancellation));
        Assert.DoesNotContain("canary", unread.Message, StringComparison.Ordinal);
    }

    private async Task<PostgresJobStore> OpenAsync()
    {
        var store = await PostgresJobStore.OpenAsync(
            new PostgresOptions { ConnectionString = server.ConnectionString() }, TimeProvider.System, Cancellation);
        lock (stores) stores.Add(store);
        return store;
    }

    private static async Task AddAsync(IJobStore store, string id) => Assert.IsType<AddOutcome.Added>(await store.AddAsync(Job.Admit(
        id, Sqlite.Requests.Plain with { Seed = 1 }, [], TimeProvider.System.GetUtcNow()), Terms, Cancellation));

    private Task BreakConnectionsAsync() => ExecuteAsync(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'darkroom'");

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<bool> TryAsync(Func<Task> operation)
    {
        try
        {
            await operation();
            return true;
        }
        catch (StoreException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await isSo()) await Task.Delay(50, patience.Token);
    }
}
