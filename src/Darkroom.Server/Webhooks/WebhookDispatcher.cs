using Darkroom.Engine.Queue;
using Darkroom.Server.Logging;

namespace Darkroom.Server.Webhooks;

/// <summary>
/// Tells receivers what stands in the outbox, each at least once. What is under way when the server stops is given up: whether it arrived is not known, so the
/// next process tells it again, under the same id.
/// </summary>
internal sealed class WebhookDispatcher(
    IWebhookOutbox outbox, WebhookSender sender, Receivers receivers, WebhookPace pace, WebhookTelemetry telemetry, TimeProvider time,
    ILogger<WebhookDispatcher> logger) : BackgroundService
{
    private readonly WebhookSchedule schedule = new(pace);
    private readonly HashSet<Task> underWay = []; // of the loop alone
    private TaskCompletionSource wake = New();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        outbox.DeliveryWritten += Wake;
        try
        {
            while (true)
            {
                var woken = Volatile.Read(ref wake); // before looking: what comes meanwhile is not slept over
                await StartDueAsync(stoppingToken);
                await woken.Task.WaitAsync(pace.Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stoppingToken.ThrowIfCancellationRequested();
                underWay.RemoveWhere(task => task.IsCompleted);
                Interlocked.CompareExchange(ref wake, New(), woken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is under way ends with the same token.
        }
        finally
        {
            outbox.DeliveryWritten -= Wake;
            await Task.WhenAll(underWay);
        }
    }

    private async Task StartDueAsync(CancellationToken stopping)
    {
        try
        {
            while (receivers.HaveRoom && await outbox.TakeAsync(receivers.Busy, pace.Lease, stopping) is { } delivery)
                underWay.Add(DeliverAsync(delivery, stopping));
        }
        catch (Exception fault) when (!stopping.IsCancellationRequested)
        {
            ServerEvents.OutboxFailed(logger, ExceptionShape.Of(fault));
        }
    }

    private async Task DeliverAsync(WebhookDelivery delivery, CancellationToken stopping)
    {
        var pipeline = receivers.Enter(delivery.Origin);
        await Task.Yield(); // the loop goes on
        try
        {
            await ApplyAsync(delivery, await sender.SendAsync(delivery, pipeline, stopping), stopping);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // Told again by the next process.
        }
        catch (Exception fault)
        {
            // It stays taken until its lease runs out.
            ServerEvents.WebhookBroke(logger, delivery.Id, delivery.Job.Id, ExceptionShape.Of(fault));
        }
        finally
        {
            receivers.Leave(delivery.Origin);
            Wake();
        }
    }

    private async Task ApplyAsync(WebhookDelivery delivery, TryOutcome outcome, CancellationToken stopping)
    {
        int tries = delivery.Tries + 1;
        switch (outcome)
        {
            case TryOutcome.Delivered:
                // Not the server's token from here on: what has happened is written.
                await outbox.RemoveAsync(delivery, CancellationToken.None);
                telemetry.Delivered();
                ServerEvents.WebhookDelivered(logger, delivery.Id, delivery.Job.Id, tries);
                break;
            case TryOutcome.Held held:
                receivers.Hold(delivery.Origin, held.For);
                await outbox.RetryAsync(delivery, held.For, failed: false, stopping);
                break;
            case TryOutcome.Failed failed when schedule.After(tries, failed.Wish) is { } delay:
                await outbox.RetryAsync(delivery, delay, failed: true, CancellationToken.None);
                telemetry.Failed();
                ServerEvents.WebhookTryFailed(logger, delivery.Id, delivery.Job.Id, tries, failed.Reason, delay.TotalSeconds);
                break;
            case TryOutcome.Failed failed:
                await GiveUpAsync(delivery, tries, failed.Reason);
                break;
            case TryOutcome.Gone gone:
                await GiveUpAsync(delivery, tries, gone.Reason);
                break;
        }
    }

    private async Task GiveUpAsync(WebhookDelivery delivery, int tries, string reason)
    {
        await outbox.RemoveAsync(delivery, CancellationToken.None);
        telemetry.GivenUp();
        ServerEvents.WebhookGivenUp(logger, delivery.Id, delivery.Job.Id, tries, reason);
    }

    private void Wake() => Volatile.Read(ref wake).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
