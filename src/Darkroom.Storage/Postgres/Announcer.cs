using Darkroom.Engine.Queue;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>
/// Tells other processes what changed. NOTIFY takes a lock of the whole database at its commit, and wakes every process that listens: what happens within a
/// moment is told together, the first at once. The moment is longer the more processes tell something, so that all together wake each of them some two hundred
/// times a second at most.
/// </summary>
internal sealed class Announcer : IAsyncDisposable
{
    private static readonly TimeSpan StepsEvery = TimeSpan.FromMilliseconds(250), ChangesEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StepsEveryForEach = TimeSpan.FromMilliseconds(20), ChangesEveryForEach = TimeSpan.FromMilliseconds(5);

    /// <summary>Who said nothing for so long says nothing.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Database database;
    private readonly string sender;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource closing = new();
    private readonly SemaphoreSlim wanted = new(0, 1);
    private readonly Task running;
    private HashSet<string> jobs = [], readers = [], previews = [];
    private Dictionary<string, StepsDone> steps = [];
    private bool queue, delivery;
    private readonly Dictionary<string, long> others = []; // when each was last heard
    private long countedAt;
    private int talkers = 1;

    public Announcer(Database database, string sender, TimeProvider time)
    {
        (this.database, this.sender, this.time) = (database, sender, time);
        running = Task.Run(() => RunAsync(closing.Token));
    }

    /// <summary>A job's row changed, and perhaps the queue.</summary>
    public void Changed(string id, bool queued)
    {
        lock (gate)
        {
            jobs.Add(id);
            queue |= queued;
            steps.Remove(id);
        }
        Wake();
    }

    /// <summary>Another process told something.</summary>
    public void Heard(string other)
    {
        lock (gate)
        {
            others[other] = time.GetTimestamp();
            if (time.GetElapsedTime(countedAt) < TimeSpan.FromSeconds(1)) return;
            countedAt = time.GetTimestamp();
            foreach (string silent in others.Where(one => time.GetElapsedTime(one.Value) > Silence).Select(one => one.Key).ToArray()) others.Remove(silent);
            talkers = others.Count + 1;
        }
    }

    public void QueueChanged()
    {
        lock (gate) queue = true;
        Wake();
    }

    public void DeliveryWritten()
    {
        lock (gate) delivery = true;
        Wake();
    }

    /// <summary>Somebody here waits for a job's previews.</summary>
    public void Reads(string id)
    {
        lock (gate) readers.Add(id);
        Wake();
    }

    /// <summary>A newer preview of a job is there.</summary>
    public void Brought(string id)
    {
        lock (gate) previews.Add(id);
        Wake();
    }

    public void Done(StepsDone done)
    {
        lock (gate) steps[done.Id] = done;
        Wake();
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await running;
        closing.Dispose();
        wanted.Dispose();
    }

    private void Wake()
    {
        lock (wanted)
            if (wanted.CurrentCount == 0) wanted.Release();
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            long stepsAt = 0;
            while (true)
            {
                await wanted.WaitAsync(cancellation);
                bool isTimeForSteps = time.GetElapsedTime(stepsAt) >= Longer(StepsEvery, StepsEveryForEach * talkers);
                var bulletin = Take(isTimeForSteps);
                if (bulletin.Steps.Count > 0) stepsAt = time.GetTimestamp();
                await SendAsync(bulletin, cancellation);
                await Task.Delay(Longer(ChangesEvery, ChangesEveryForEach * talkers), time, cancellation);
                if (StepsWait()) Wake();
            }
        }
        catch (OperationCanceledException)
        {
            await SendAsync(Take(isTimeForSteps: false), CancellationToken.None); // what was given back on the way out
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private bool StepsWait()
    {
        lock (gate) return steps.Count > 0;
    }

    private Bulletin Take(bool isTimeForSteps)
    {
        lock (gate)
        {
            var bulletin = new Bulletin(sender)
            {
                Queue = queue, Delivery = delivery, Jobs = jobs, Steps = isTimeForSteps ? steps.Values : [], Readers = readers, Previews = previews,
            };
            (queue, delivery, jobs, readers, previews) = (false, false, [], [], []);
            if (isTimeForSteps) steps = [];
            return bulletin;
        }
    }

    private async Task SendAsync(Bulletin bulletin, CancellationToken cancellation)
    {
        string[] texts = [.. bulletin.Write()];
        if (texts.Length == 0) return;
        try
        {
            await using var connection = await database.OpenAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection);
            // A hint needs no disk, for which the lock would be held.
            foreach (string text in texts)
            {
                batch.BatchCommands.Add(Change.Command(
                    "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)", JobTable.Of(Bulletin.Channel), JobTable.Of(text)));
            }
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or StoreException or TimeoutException or IOException or System.Net.Sockets.SocketException)
        {
            // They look by themselves before long.
        }
    }
}
