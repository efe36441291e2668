using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Automatic1111.Reading;
using Darkroom.Server.Generation;
using Darkroom.Server.Security.Access;

namespace Darkroom.Server.Automatic1111.Calls;

/// <summary>How a call ended.</summary>
/// <param name="Jobs">Those that have pictures, in the order of the call. One that was interrupted before it ran has none.</param>
/// <param name="Failure">Why there is no answer; null: there is one.</param>
/// <param name="HasLeft">Whether nobody is there to be answered.</param>
internal sealed record CallOutcome(IReadOnlyList<Job> Jobs, Failure? Failure = null, bool HasLeft = false);

/// <summary>Runs a call as jobs of the core: as few as can be, all in the queue together, and all or none.</summary>
internal sealed class PictureCalls(Generator generator, IGenerationQueue queue)
{
    /// <summary>Admits all jobs of a call.</summary>
    /// <param name="call">What is wanted.</param>
    /// <param name="orders">Its orders, which are right.</param>
    /// <param name="caller">Who wants it.</param>
    /// <param name="arrival">Holds the memory that it arrived in.</param>
    /// <param name="left">Fires when the caller leaves.</param>
    /// <returns>The runs, to be disposed of when the caller was answered; or why there are none.</returns>
    public async ValueTask<(IReadOnlyList<GenerationRun> Runs, Failure? Failure)> StartAsync(
        SentCall call, IReadOnlyList<ValidOrder> orders, Caller caller, InputReservation arrival, CancellationToken left)
    {
        var runs = new List<GenerationRun>();
        var terms = new SubmitTerms { MaxQueued = caller.Limits.MaxQueued, MaxCost = caller.Limits.MaxMegapixelSteps };
        var isWhole = false;
        try
        {
            (int First, int Count)[] jobs = [.. call.Plan.Jobs(orders.Count)];
            foreach (var (first, count) in jobs)
            {
                var order = orders[first % orders.Count];
                order = order with
                {
                    Request = RequestOf(order.Request, call, first, count),
                    Arrival = first == jobs[^1].First ? arrival : null, // the bytes are there until the last job has its pictures
                };
                var (run, failure) = await generator.StartAsync(order, caller.Id, terms, Waiting.UntilFinished, left);
                if (run is null) return ([], failure);
                runs.Add(run);
            }
            isWhole = true;
            return (runs, null);
        }
        finally
        {
            if (!isWhole)
            {
                await CancelAsync(runs);
                foreach (var run in runs) run.Dispose();
            }
        }
    }

    /// <summary>Waits for all of them. One that fails cancels the others.</summary>
    public async ValueTask<CallOutcome> WaitAsync(IReadOnlyList<GenerationRun> runs, CancellationToken left)
    {
        var jobs = new List<Job>(runs.Count);
        Failure? failure = null;
        bool hasLeft = false;
        for (int i = 0; i < runs.Count && failure is null; i++)
        {
            switch (await runs[i].WaitAsync(left))
            {
                case Outcome.Succeeded(var job, _):
                    jobs.Add(job);
                    break;
                case Outcome.Failed { Failure.Kind: FailureKind.Cancelled }: // interrupted before it ran: the answer does without
                    break;
                case Outcome.Failed(_, var reason):
                    failure = reason;
                    break;
                case Outcome.Parted(_, var reason):
                    failure = reason;
                    break;
                default:
                    hasLeft = true; // those that follow are cancelled too
                    break;
            }
        }
        if (failure is { Kind: not FailureKind.ShuttingDown }) await CancelAsync(runs);
        return new(jobs, failure, hasLeft);
    }

    private async ValueTask CancelAsync(IReadOnlyList<GenerationRun> runs)
    {
        foreach (var run in runs) await queue.CancelAsync(run.Job.Id, CancellationToken.None);
    }

    private static GenerationRequest RequestOf(GenerationRequest request, SentCall call, int first, int count) => request with
    {
        Seed = call.Seeds.SeedOf(first),
        VariationSeed = call.Seeds.IsVaried ? call.Seeds.SubseedOf(first) : null,
        Count = count,
        Call = new(call.Id, call.Plan.Pictures, first, call.Plan.BatchSize),
    };
}
