using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>An end that is to be told outside is written with the end, taken by one at a time, and there until it was told.</summary>
public abstract class OutboxContract<TStore> : StoreContract<TStore> where TStore : IStoreUnderTest, new()
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly Webhook Everything = new("https://a.example/hook?x=1", JobEnds.All);

    [Fact]
    public async Task An_end_is_written_once_with_all_that_is_told_of_it()
    {
        var store = Open();
        await AddAsync(store, New("a", webhook: Everything));
        var job = (await ClaimAsync(store))[0];
        Assert.Null(await TakeAsync(store));
        Clock.Move(TimeSpan.FromSeconds(5));
        var result = Result with { Images = [new GeneratedImage(0, 5, 64, 32, PictureFormat.Webp, 1234, "hash", "artifact")] };
        Assert.IsType<CommitOutcome.ClaimLost>(await CommitAsync(store, "a", job.Attempt + 1, Succeed));
        Assert.Null(await TakeAsync(store));
        await AppliedAsync(store, "a", job.Attempt, new JobCommand.Succeed(result));
        Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "a", null, Cancel));

        var taken = (await TakeAsync(store))!;
        Assert.Equal(("msg_a", Everything.Url, "https://a.example", 0), (taken.Id, taken.Url, taken.Origin, taken.Tries));
        Assert.Equal(("a", GenerationTask.Txt2img, "m", JobState.Succeeded), (taken.Job.Id, taken.Job.Task, taken.Job.Model, taken.Job.State));
        Assert.Equal((Noon, Noon.AddSeconds(5)), (taken.Job.CreatedAt, taken.Job.FinishedAt));
        Assert.Equal(result.Images, taken.Job.Images);
        Assert.Null(taken.Job.Failure);
        Assert.Null(await TakeAsync(store));
    }

    [Fact]
    public async Task Every_end_is_written_that_the_webhook_names_and_no_other()
    {
        var store = Open();
        foreach (var (id, events) in new[] { ("a", JobEnds.All), ("b", JobEnds.Succeeded), ("c", JobEnds.Cancelled | JobEnds.Expired) })
            await AddAsync(store, New(id, webhook: Everything with { Events = events }));
        await AddAsync(store, New("d", deadline: 1, webhook: Everything with { Events = JobEnds.Expired }));
        await AddAsync(store, New("e", deadline: 1, webhook: Everything with { Events = JobEnds.Failed }));
        await AddAsync(store, "f");
        await AppliedAsync(store, "a", null, Fail);
        foreach (string id in new[] { "b", "c", "f" }) await AppliedAsync(store, id, null, Cancel);
        Clock.Move(TimeSpan.FromSeconds(2));
        Assert.Equal(2, await store.ExpireAsync(Cancellation));

        var taken = await TakeAllAsync(store);
        Assert.Equal([("a", JobState.Failed), ("c", JobState.Cancelled), ("d", JobState.Expired)], taken.Select(one => (one.Job.Id, one.Job.State)));
        Assert.Equal(JobFailureKind.NonFinite, taken[0].Job.Failure!.Kind);
    }

    [Fact]
    public async Task A_job_that_is_given_up_after_its_workers_died_is_written_too()
    {
        var store = Open();
        await AddAsync(store, New("a", webhook: Everything));
        await ClaimAsync(store, owner: There);
        Clock.Move(There.Lease + TimeSpan.FromSeconds(1));
        await store.RecoverAsync(Here, maxCrashes: 1, Cancellation);
        Assert.Equal(JobFailureKind.WorkerCrashed, (await TakeAsync(store))!.Job.Failure!.Kind);
    }

    [Fact]
    public async Task What_was_taken_is_free_when_its_lease_runs_out_and_the_late_one_has_no_say()
    {
        var store = await EndedAsync("a");
        var first = (await TakeAsync(store))!;
        Clock.Move(Lease - TimeSpan.FromSeconds(1));
        Assert.Null(await TakeAsync(store));
        Clock.Move(TimeSpan.FromSeconds(1));
        var second = (await TakeAsync(store))!;
        Assert.Equal((first.Id, first.Tries), (second.Id, second.Tries));
        Assert.NotEqual(first.Attempt, second.Attempt);

        Assert.False(await Outbox(store).RetryAsync(first, TimeSpan.Zero, failed: true, Cancellation));
        Assert.False(await Outbox(store).RemoveAsync(first, Cancellation));
        Assert.True(await Outbox(store).RemoveAsync(second, Cancellation));
        Assert.False(await Outbox(store).RemoveAsync(second, Cancellation));
        Clock.Move(TimeSpan.FromDays(9));
        Assert.Null(await TakeAsync(store));
    }

    [Fact]
    public async Task One_whose_lease_has_run_out_may_still_say_how_it_went_while_nobody_else_took_it()
    {
        var store = await EndedAsync("a");
        var taken = (await TakeAsync(store))!;
        Clock.Move(Lease * 2);
        Assert.Null(await Outbox(store).TakeAsync([taken.Origin], Lease, Cancellation));
        Assert.True(await Outbox(store).RemoveAsync(taken, Cancellation));
        Assert.Null(await TakeAsync(store));
    }

    [Fact]
    public async Task A_try_that_failed_is_counted_and_due_again_when_it_was_said()
    {
        var store = await EndedAsync("a");
        var taken = (await TakeAsync(store))!;
        Assert.True(await Outbox(store).RetryAsync(taken, TimeSpan.FromMinutes(5), failed: true, Cancellation));
        Assert.False(await Outbox(store).RetryAsync(taken, TimeSpan.Zero, failed: true, Cancellation));
        Clock.Move(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.Null(await TakeAsync(store));
        Clock.Move(TimeSpan.FromTicks(1));
        var again = (await TakeAsync(store))!;
        Assert.Equal((taken.Id, 1), (again.Id, again.Tries));
        Assert.True(await Outbox(store).RetryAsync(again, TimeSpan.FromSeconds(1), failed: false, Cancellation));
        Clock.Move(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await TakeAsync(store))!.Tries);
    }

    [Fact]
    public async Task The_one_that_is_due_longest_comes_first_and_origins_can_be_passed_over()
    {
        var store = Open();
        foreach (var (id, host) in new[] { ("c", "one.example"), ("b", "two.example:8443"), ("a", "one.example") })
        {
            await AddAsync(store, New(id, webhook: Everything with { Url = $"https://{host}/{id}" }));
            await AppliedAsync(store, id, null, Cancel);
            Clock.Move(TimeSpan.FromSeconds(1));
        }
        Assert.Equal("b", (await Outbox(store).TakeAsync(["https://one.example"], Lease, Cancellation))!.Job.Id);
        Assert.Equal(["c", "a"], (await TakeAllAsync(store)).Select(one => one.Job.Id));
    }

    [Fact]
    public async Task Of_many_that_take_each_gets_another()
    {
        string[] ids = [.. Enumerable.Range(0, 9).Select(i => $"{i}")];
        var store = await EndedAsync(ids);
        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => TakeAsync(store), Cancellation)));
        Assert.Equal(ids, taken.OfType<WebhookDelivery>().Select(one => one.Job.Id).Order());
    }

    [Fact]
    public async Task An_entry_outlives_its_job()
    {
        var store = await EndedAsync("purged", "swept");
        await store.PurgeAsync("purged", Cancellation);
        await store.SweepAsync(Noon.AddDays(1), 9, Cancellation);
        Assert.Equal(["purged", "swept"], (await TakeAllAsync(store)).Select(one => one.Job.Id).Order());
    }

    [Fact]
    public async Task Entries_are_there_after_a_crash_with_their_tries_and_what_was_told_is_not()
    {
        Assert.SkipUnless(OutlivesProcess, "Its entries end with the process.");
        var store = await EndedAsync("new", "tried", "taken", "told");
        foreach (var one in await TakeAllAsync(store))
        {
            if (one.Job.Id == "told") await Outbox(store).RemoveAsync(one, Cancellation);
            else if (one.Job.Id == "tried") await Outbox(store).RetryAsync(one, TimeSpan.FromHours(1), failed: true, Cancellation);
            else if (one.Job.Id == "new") await Outbox(store).RetryAsync(one, TimeSpan.Zero, failed: false, Cancellation);
        }
        store = Reopen(store);
        Clock.Move(Lease); // where several processes share a store, a lease outlives its process
        var first = await TakeAllAsync(store);
        Assert.Equal([("new", 0), ("taken", 0)], first.Select(one => (one.Job.Id, one.Tries)).Order());
        Assert.All(first, one => Assert.Equal((Everything.Url, "https://a.example", JobState.Cancelled), (one.Url, one.Origin, one.Job.State)));
        Clock.Move(TimeSpan.FromHours(1));
        Assert.Contains(("tried", 1), (await TakeAllAsync(store)).Select(one => (one.Job.Id, one.Tries)));
    }

    [Fact]
    public async Task Readers_are_told_after_the_commit_and_only_where_something_was_written()
    {
        var store = Open();
        int told = 0;
        Outbox(store).DeliveryWritten += () => told++;
        await AddAsync(store, New("a", webhook: Everything));
        await AddAsync(store, New("b", webhook: Everything with { Events = JobEnds.Succeeded }));
        await AddAsync(store, "c");
        foreach (string id in new[] { "b", "c" }) await AppliedAsync(store, id, null, Cancel);
        Assert.Equal(0, told);
        await AppliedAsync(store, "a", null, Cancel);
        Assert.Equal(1, told);
        Assert.NotNull(await TakeAsync(store));
    }

    private static IWebhookOutbox Outbox(IJobStore store) => Assert.IsAssignableFrom<IWebhookOutbox>(store);

    private static async Task<WebhookDelivery?> TakeAsync(IJobStore store) => await Outbox(store).TakeAsync([], Lease, Cancellation);

    private static async Task<List<WebhookDelivery>> TakeAllAsync(IJobStore store)
    {
        var taken = new List<WebhookDelivery>();
        while (await TakeAsync(store) is { } one) taken.Add(one);
        return taken;
    }

    private async Task<IJobStore> EndedAsync(params string[] ids)
    {
        var store = Open();
        foreach (string id in ids)
        {
            await AddAsync(store, New(id, webhook: Everything));
            await AppliedAsync(store, id, null, Cancel);
        }
        return store;
    }
}
