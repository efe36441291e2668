using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Memory;

namespace Darkroom.Storage.Tests.Memory;

/// <summary>What the loop does at every step costs no memory.</summary>
public sealed class MemoryStoreAllocationTests
{
    [Fact]
    public async Task Renewing_claims_and_reporting_steps_allocates_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var owner = new JobOwner("here", TimeSpan.FromSeconds(30));
        var store = new MemoryJobStore(TimeProvider.System);
        await store.AddAsync(Job.Admit("a", new GenerationRequest
        {
            Task = GenerationTask.Txt2img, Model = "m", Prompt = "p", Width = 64, Height = 64, Steps = 1000, GuidanceScale = 1, Seed = 1,
        }, [], DateTimeOffset.UtcNow), new AddTerms { MaxQueued = 10 }, cancellation);
        await store.ClaimAsync(["a"], owner, cancellation);
        List<JobClaim> claims = [new("a", 1)];
        Step(1);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 2; step < 1000; step++) Step(step);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(999, (await store.FindAsync("a", cancellation))!.Progress.Step);

        void Step(int step)
        {
            store.ReportAsync("a", 1, step, null, cancellation).GetAwaiter().GetResult();
            if (store.RenewAsync(claims, owner, cancellation).GetAwaiter().GetResult().Count != 0) throw new InvalidOperationException("The claim is lost.");
        }
    }
}
