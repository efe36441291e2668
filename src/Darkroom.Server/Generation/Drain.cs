using Darkroom.Engine.Queue;
using Darkroom.Server.Logging;

namespace Darkroom.Server.Generation;

/// <summary>
/// The way out. From the first signal no new work is taken and <c>/readyz</c> says so, while the server still answers; what runs gets the
/// timeout, then is cancelled at its next step. A second signal ends the wait at once. Only then do the listener and the engine stop.
/// Where jobs outlive the process nothing is cancelled: only callers and what runs are waited for, and what is not finished goes on after the restart.
/// </summary>
internal sealed class Drain(IServiceProvider services, TimeSpan timeout, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService
{
    // What a cancelled job may take to its step boundary and its caller to the answer.
    private static readonly TimeSpan StepBoundary = TimeSpan.FromSeconds(1.5);

    // For readers of events to be told how their job ended, which they are at once.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly HashSet<Place> places = [];
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource hurry = new(), parting = new(), over = new();
    private readonly Lazy<bool> keepsJobs = new(() => services.GetService<IJobStore>() is { OutlivesProcess: true });

    public bool IsDraining { get; private set; }

    /// <summary>Whether a job that is cancelled now is cancelled because the server is on its way out.</summary>
    public bool Cancels => IsDraining && !keepsJobs.Value;

    /// <summary>Fires when callers are not kept waiting any more for jobs that go on after the restart.</summary>
    public CancellationToken Parting => parting.Token;

    /// <summary>Fires when all that could be waited for was waited for: who is still answered gets no more.</summary>
    public CancellationToken Over => over.Token;

    /// <summary>What running work is left.</summary>
    public TimeSpan Timeout => timeout;

    /// <summary>Fires when running work is not waited for any more.</summary>
    public CancellationToken Hurried => hurry.Token;

    /// <summary>What the process may take to its end when running work is not waited for any more.</summary>
    public static TimeSpan MaxAfter { get; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the host must be ready to wait for all of it; the rest of <see cref="MaxAfter"/> is for closing what is open.</summary>
    public static TimeSpan MaxTime(TimeSpan timeout) => timeout + StepBoundary + LastWords;

    /// <summary>A place that holds the server until it is disposed of; null where the server is on its way out.</summary>
    public Place? TryEnter()
    {
        lock (gate)
        {
            if (IsDraining) return null;
            var place = new Place(this);
            places.Add(place);
            return place;
        }
    }

    /// <summary>Takes no new work from now on.</summary>
    public void Begin()
    {
        lock (gate)
        {
            if (IsDraining) return;
            IsDraining = true;
            ServerEvents.Draining(logger, places.Count);
            if (IsIdle) idle.TrySetResult();
        }
    }

    /// <summary>Stops waiting: what runs is cancelled now, or given back.</summary>
    public void Hurry() => hurry.Cancel();

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Begin();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, hurry.Token);
        if (keepsJobs.Value) await GiveBackAsync(patience.Token, cancellationToken);
        else if (!await DoneAsync(idle.Task, timeout, patience.Token))
        {
            var queue = services.GetRequiredService<IGenerationQueue>();
            foreach (var id in Running()) await queue.CancelAsync(id, CancellationToken.None);
            await DoneAsync(idle.Task, StepBoundary, cancellationToken);
        }
        over.CancelAfter(LastWords);
    }

    /// <summary>
    /// Jobs are claimed as long as a caller waits for one; then what runs may finish, in what is left of the timeout. Callers who wait even then are
    /// told that their jobs go on, before these are given back.
    /// </summary>
    private async Task GiveBackAsync(CancellationToken patience, CancellationToken cancellation)
    {
        var engine = services.GetRequiredService<EngineLifetime>();
        long began = time.GetTimestamp();
        bool answered = await DoneAsync(idle.Task, timeout, patience);
        engine.Stop();
        var left = timeout - time.GetElapsedTime(began);
        if (answered && await DoneAsync(engine.Ended, left > TimeSpan.Zero ? left : TimeSpan.Zero, patience)) return;
        parting.Cancel();
        engine.Halt();
        await DoneAsync(Task.WhenAll(idle.Task, engine.Ended), StepBoundary, cancellation);
    }

    private async Task<bool> DoneAsync(Task task, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            await task.WaitAsync(timeout, time, cancellation);
            return true;
        }
        catch (Exception stop) when (stop is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private bool IsIdle => keepsJobs.Value ? places.All(place => place.IsAlone) : places.Count == 0;

    private List<string> Running()
    {
        lock (gate) return [.. places.Select(place => place.JobId).OfType<string>()];
    }

    private void Leave(Place place)
    {
        lock (gate)
        {
            places.Remove(place);
            if (IsDraining && IsIdle) idle.TrySetResult();
        }
    }

    private void LeaveAlone(Place place)
    {
        lock (gate)
        {
            place.IsAlone = true;
            if (IsDraining && IsIdle) idle.TrySetResult();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>One caller who waits for a picture, or a job that goes on without one.</summary>
    public sealed class Place(Drain drain) : IDisposable
    {
        /// <summary>What it waits for, once admitted.</summary>
        public string? JobId { get; set; }

        /// <summary>Keeps the job's pictures for its answer.</summary>
        public IDisposable? Pictures { get; set; }

        /// <summary>Whether nobody waits for the job: where it outlives the process it holds nothing up.</summary>
        public bool IsAlone { get; set; }

        /// <summary>The caller left, and the job goes on.</summary>
        public void LeaveAlone() => drain.LeaveAlone(this);

        public void Dispose()
        {
            Pictures?.Dispose();
            drain.Leave(this);
        }
    }
}
