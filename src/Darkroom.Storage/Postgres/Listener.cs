using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>Hears what other processes tell, on a connection of its own that is opened again whenever it breaks.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200), LongestWait = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource closing = new();
    private readonly Database database;
    private readonly string self;
    private readonly Action<Bulletin> heard;
    private readonly Action broken;
    private readonly TimeProvider time;
    private readonly Task running;
    private volatile bool isListening;

    /// <param name="database">Of the jobs.</param>
    /// <param name="self">This process's own name as a sender, which is not listened to.</param>
    /// <param name="heard">Told of each bulletin, and of an empty one when listening begins: what was said before was missed.</param>
    /// <param name="broken">Told when its connection breaks, and when another cannot be opened.</param>
    /// <param name="time">For waits.</param>
    public Listener(Database database, string self, Action<Bulletin> heard, Action broken, TimeProvider time)
    {
        (this.database, this.self, this.heard, this.broken, this.time) = (database, self, heard, broken, time);
        running = Task.Run(() => RunAsync(closing.Token));
    }

    public bool IsListening => isListening;

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await running;
        closing.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        var wait = FirstWait;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenAsync(cancellation);
                connection.Notification += Hear;
                await using (var listen = new NpgsqlCommand($"LISTEN {Bulletin.Channel}", connection)) await listen.ExecuteNonQueryAsync(cancellation);
                isListening = true;
                wait = FirstWait;
                heard(new Bulletin("") { Queue = true });
                while (true) await connection.WaitAsync(cancellation);
            }
            catch (Exception) when (!cancellation.IsCancellationRequested)
            {
                isListening = false;
                broken();
                await Task.Delay(wait, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception)
            {
                return; // it broke while it was closed
            }
        }
    }

    private void Hear(object sender, NpgsqlNotificationEventArgs notification)
    {
        var bulletin = Bulletin.Read(notification.Payload);
        if (bulletin.Sender != self) heard(bulletin);
    }
}
