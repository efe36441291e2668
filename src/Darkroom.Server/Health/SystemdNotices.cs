using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using Darkroom.Server.Generation;
using Darkroom.Server.Logging;
using Microsoft.Extensions.Hosting.Systemd;

namespace Darkroom.Server.Health;

/// <summary>
/// Tells a supervisor that reads <c>NOTIFY_SOCKET</c> (sd_notify(3), a unit of <c>Type=notify</c>) when the server listens, when it drains and how long that
/// may take, and, where the unit has a watchdog, that the process still runs. Without the socket nothing is sent.
/// </summary>
/// <param name="systemd">Sends to the socket.</param>
/// <param name="drain">The way out, and its time.</param>
/// <param name="watchdog">How often the supervisor wants to hear of the process; null: never.</param>
/// <param name="host">Its beginning and end.</param>
/// <param name="time">For the watchdog.</param>
/// <param name="logger">For a notice that could not be sent.</param>
internal sealed class SystemdNotices(
    ISystemdNotifier systemd, Drain drain, TimeSpan? watchdog, IHostApplicationLifetime host, TimeProvider time, ILogger<SystemdNotices> logger)
    : IHostedService, IDisposable
{
    private const string Watchdog = "WATCHDOG_USEC", WatchdogProcess = "WATCHDOG_PID";

    // The drain's own reserve covers the process's end; this one covers what the supervisor needs to see it.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(5);

    // A supervisor that does not read lets a sender wait: a thread of its own sends, and what finds no room here is left out.
    private readonly BlockingCollection<string> notices = new(boundedCapacity: 8);
    private ITimer? timer;

    /// <summary>The interval of a unit's watchdog, as systemd gives it to the process; null: there is none, or it is meant for another process.</summary>
    public static TimeSpan? WatchdogOf(Func<string, string?> variable)
    {
        if (!long.TryParse(variable(Watchdog), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) || microseconds == 0) return null;
        string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return variable(WatchdogProcess) is { } process && process != own ? null : TimeSpan.FromMicroseconds(microseconds);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!systemd.IsEnabled) return Task.CompletedTask;
        new Thread(SendAll) { IsBackground = true, Name = "darkroom-notices" }.Start();
        // The listener starts after every hosted service, and the host says so when it has.
        host.ApplicationStarted.Register(() => Send("READY=1\nSTATUS=Listening"));
        host.ApplicationStopping.Register(() => Send(StoppingText()));
        // On the pool's threads, as requests are: where none of them comes to run, the process is worth a new start.
        if (watchdog is { } often) timer = time.CreateTimer(_ => Send("WATCHDOG=1"), null, TimeSpan.Zero, often / 3);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        timer?.Dispose();
        notices.CompleteAdding();
    }

    // With the time that it may take a unit's TimeoutStopSec need not follow Darkroom:DrainTimeout.
    private string StoppingText() => string.Create(CultureInfo.InvariantCulture,
        $"STOPPING=1\nSTATUS=Draining\nEXTEND_TIMEOUT_USEC={(long)(drain.Timeout + Drain.MaxAfter + Reserve).TotalMicroseconds}");

    private void Send(string text)
    {
        try
        {
            notices.TryAdd(text);
        }
        catch (InvalidOperationException)
        {
            // A tick of the timer came after the end.
        }
    }

    private void SendAll()
    {
        foreach (string text in notices.GetConsumingEnumerable())
            try
            {
                systemd.Notify(new ServiceState(text));
            }
            catch (SocketException refused)
            {
                ServerEvents.NoticeNotSent(logger, refused.SocketErrorCode.ToString());
            }
    }
}
