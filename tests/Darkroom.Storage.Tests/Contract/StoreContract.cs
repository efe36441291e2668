using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>What the groups of tests share: a store, a clock that stands still, and two processes that use the store.</summary>
public abstract class StoreContract<TStore> : IDisposable where TStore : IStoreUnderTest, new()
{
    protected static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    protected static readonly JobOwner Here = new("here", TimeSpan.FromSeconds(30)), There = new("there", TimeSpan.FromSeconds(30));
    protected static readonly JobResult Result = new([], [], new JobTimings(0, 0, 0, 0, 0, 4, 1), "hash");

    protected static readonly JobCommand Cancel = new JobCommand.Cancel(), Release = new JobCommand.Release(), Succeed = new JobCommand.Succeed(Result),
        Fail = new JobCommand.Fail(new(JobFailureKind.NonFinite, "x"));

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected static bool OutlivesProcess => new TStore().OutlivesProcess;

    protected static bool IsExclusive => new TStore().IsExclusive;

    protected TestClock Clock { get; } = new(Noon);

    /// <summary>What jobs are added on.</summary>
    protected AddTerms Terms { get; private set; } = new() { MaxQueued = 10 };

    private readonly List<IJobStore> opened = [];

    protected IJobStore Open(int maxQueued = 10)
    {
        Terms = Terms with { MaxQueued = maxQueued };
        opened.Add(new TStore().Open(Clock));
        return opened[^1];
    }

    protected IJobStore Reopen(IJobStore store)
    {
        opened.Add(new TStore().Reopen(store));
        return opened[^1];
    }

    public void Dispose()
    {
        foreach (var store in opened) new TStore().Close(store);
        GC.SuppressFinalize(this);
    }

    protected static JobTransition New(
        string id, JobPriority priority = JobPriority.Normal, DateTimeOffset? at = null, string caller = "", double? deadline = null,
        Webhook? webhook = null) => Job.Admit(
        id, new GenerationRequest
        {
            Task = GenerationTask.Txt2img, Model = "m", Prompt = "p", Width = 64, Height = 64, Steps = 4, GuidanceScale = 1, Seed = 1, Priority = priority,
            Caller = caller, Deadline = deadline, Webhook = webhook,
        }, [], at ?? Noon);

    protected async Task AddAsync(IJobStore store, params string[] ids)
    {
        foreach (string id in ids) await AddAsync(store, New(id));
    }

    /// <summary>Adds a job that must find room.</summary>
    protected async Task AddAsync(IJobStore store, JobTransition job) => Assert.IsType<AddOutcome.Added>(await TryAddAsync(store, job));

    protected ValueTask<AddOutcome> TryAddAsync(IJobStore store, JobTransition job) => store.AddAsync(job, Terms, Cancellation);

    /// <summary>Claims the first of those that wait.</summary>
    protected static async Task<IReadOnlyList<Job>> ClaimAsync(IJobStore store, int limit = 1, JobOwner? owner = null) =>
        await store.ClaimAsync([.. (await store.WaitingAsync(limit, 0, Cancellation)).Select(job => job.Id)], owner ?? Here, Cancellation);

    protected static ValueTask<CommitOutcome> CommitAsync(IJobStore store, string id, int? attempt, JobCommand command) =>
        store.CommitAsync(id, attempt, command, Cancellation);

    /// <summary>A command that must be applied.</summary>
    protected static async Task<Job> AppliedAsync(IJobStore store, string id, int? attempt, JobCommand command) =>
        Assert.IsType<CommitOutcome.Committed>(await CommitAsync(store, id, attempt, command)).Job;

    protected static async Task<Job> JobAsync(IJobStore store, string id) => (await store.FindAsync(id, Cancellation))!;

    protected static async Task<List<JobEvent>> EventsAsync(IJobStore store, string id, long after = 0)
    {
        var events = new List<JobEvent>();
        await foreach (var one in store.EventsAsync(id, after, Cancellation)) events.Add(one);
        return events;
    }

    protected static async Task<bool> HoldsAsync(IJobStore store, string id, int attempt, JobOwner? owner = null) =>
        (await store.RenewAsync([new JobClaim(id, attempt)], owner ?? Here, Cancellation)).Count == 0;
}
